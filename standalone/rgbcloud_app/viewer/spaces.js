/** sRGB, linear light, Oklab and CIELAB as places in one room: what rgbcloud.color computes, made to fit the view. */
export const spaces = (() => {
  // The matrices of Ottosson (2020), and of IEC 61966-2-1 to CIE XYZ; white is D65.
  const TO_CONES = [
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
  ];
  const TO_OKLAB = [
    [0.2104542553, 0.793617785, -0.0040720468],
    [1.9779984951, -2.428592205, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.808675766],
  ];
  const TO_XYZ = [
    [0.4124, 0.3576, 0.1805],
    [0.2126, 0.7152, 0.0722],
    [0.0193, 0.1192, 0.9505],
  ];
  const WHITE = TO_XYZ.map((row) => row[0] + row[1] + row[2]);

  const times = (matrix, color) =>
    matrix.map((row) => row[0] * color[0] + row[1] * color[1] + row[2] * color[2]);
  const light = (level) => {
    const value = level / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const LIGHT = Float64Array.from({ length: 256 }, (_, level) => light(level));
  const lightOf = (color) => color.map((level) => LIGHT[level] ?? light(level));

  /** Return L in 0 … 1, a and b of a colour in levels. */
  const oklab = (color) => times(TO_OKLAB, times(TO_CONES, lightOf(color)).map(Math.cbrt));

  /** Return L* in 0 … 100, a* and b* of a colour in levels. */
  function cielab(color) {
    const [x, y, z] = times(TO_XYZ, lightOf(color)).map((value, axis) => {
      const ratio = value / WHITE[axis];
      return ratio > (6 / 29) ** 3 ? Math.cbrt(ratio) : ratio * (841 / 108) + 4 / 29;
    });
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
  }

  // To the right, to the back, upwards, about the middle; one scale for all three, as distances are the point.
  const PLACES = {
    rgb: (color) => color.map((level) => level / 255 - 0.5),
    linear: (color) => lightOf(color).map((value) => value - 0.5),
    oklab: (color) => {
      const [l, a, b] = oklab(color);
      return [1.35 * (a - 0.02), 1.35 * (b + 0.06), 1.35 * (l - 0.5)];
    },
    cielab: (color) => {
      const [l, a, b] = cielab(color);
      return [0.008 * (a - 6), 0.008 * (b + 7), 0.008 * (l - 50)];
    },
  };

  return { oklab, cielab, place: (name, color) => PLACES[name](color) };
})();
