"""Names of real textures, as they were met in public repositories, and what each of them holds.

Each name is a file of a library, or what an exporter's preset makes of a material: ambientCG and Poly Haven
call files by their assets, Substance, Unity, Unreal and glTF exporters by what they write out.
"""

from __future__ import annotations

import pytest

from rgbcloud.counting import guess_kind

AMBIENTCG = {  # ambientcg.com: asset, size, format, map
    "color": """
        Fabric008_1K-JPG_Color.jpg Plastic015A_1K-JPG_Color.jpg Ice002_1K-JPG_Color.jpg
        Ice003_1K-JPG_Color.jpg Ground081_1K-JPG_Color.jpg Marble010_1K-JPG_Color.jpg
        Wood051_1K-JPG_Color.webp Paper005_1K-JPG_Color.jpg MetalPlates013_1K-JPG_Color.jpg
        PaintedMetal007_1K-JPG_Color.jpg PavingStones092_1K_Color.jpg Metal042B_1K-JPG_Color.jpg
        Metal047A_1K-JPG_Color.jpg Rust006_1K-JPG_Color.jpg Facade001_1K-JPG_Color.jpg
        WoodFloor035_1K_Color.png Bark001_2K-JPG_Color.jpg Facade018A_1K-JPG_Emission.jpg Rust006.png
    """,
    "normal": """
        Fabric060_1K-JPG_NormalGL.jpg Marble010_1K-JPG_NormalGL.jpg Wood051_1K-JPG_NormalDX.webp
        PavingStones092_1K_Normal.jpg WoodFloor040_1K_Normal.jpg Tiles107_1K_NormalGL.jpg
        Bricks076C_1K_NormalDX.jpg Metal042B_1K-JPG_NormalGL.jpg Rust006_1K-JPG_NormalDX.jpg
        ChristmasTreeOrnament018_1K-JPG_NormalDX.jpg LeafSet021_1K-JPG_NormalGL.jpg
    """,
    "data": """
        Ice002_1K-JPG_Displacement.jpg Ice002_1K-JPG_Roughness.jpg Marble010_1K-JPG_Roughness.jpg
        PavingStones092_1K_Displacement.jpg PavingStones092_1K_AmbientOcclusion.jpg
        Ground047_1K_Roughness.jpg WoodFloor051_2K_AmbientOcclusion.jpg Bricks059_1K_AmbientOcclusion.jpg
        Metal006_1K-JPG_Metalness.jpg Metal027_1K-JPG_Metalness.jpg Metal042B_1K-JPG_Roughness.jpg
        Facade018A_1K-JPG_Metalness.jpg LeafSet023_1K-JPG_Opacity.jpg Asphalt010_1K-JPG_Opacity.jpg
        Door001_1K-JPG_Opacity.jpg Concrete044C_1K-JPG_Displacement.jpg
        LeafSet024_1K-JPG_Color-LeafSet024_1K-JPG_Opacity.png
    """,
}
POLY_HAVEN = {  # polyhaven.com: asset, map, size
    "color": """
        concrete_floor_02_diff_4k_2.0.jpg wood_floor_diff_4k.jpg weathered_planks_diff_4k.png
        leather_white_diff_4k.jpg raw_plank_wall_diff_4k.jpg gravelly_sand_diff_4k.jpg
        rock_boulder_dry_diff_4k.jpg bark_brown_02_diff_1k.jpg coast_sand_rocks_02_diff_1k.webp
        hangar_concrete_floor_diff_1k.jpg brick_floor_002_diffuse_4k.jpg brick_wall_001_diffuse_4k.jpg
        rusty_metal_04_diff_4k.jpg rusty_metal_05_diff_4k.jpg snow_field_aerial_col_1k.jpg
        fine_grained_wood_col_1k.jpg rocks_ground_02_col_1k.webp brown_mud_leaves_01_spec_1k.png
        rubber_tiles_diff_2k_invert.jpg
    """,
    "normal": """
        concrete_floor_worn_001_nor_gl_4k.jpg rock_06_nor_gl_2k.png snow_field_aerial_nor_gl_4k.png
        wood_floor_nor_gl_4k.jpg concrete_nor_dx_1k.png castle_wall_varriation_nor_gl_1k.png
        brown_mud_leaves_01_Nor_1k.png raw_plank_wall_normal_1k.jpg red_brick_nor_gl_4k.exr
    """,
    "data": """
        concrete_floor_02_rough_4k.jpg concrete_floor_worn_001_ao_4k.jpg gravelly_sand_arm_4k.jpg
        rock_boulder_dry_disp_4k.jpg bark_brown_02_arm_1k.jpg namaqualand_boulder_03_arm_1k.jpg
        coast_sand_rocks_02_disp_1k.webp hangar_concrete_floor_arm_1k.jpg rusty_metal_04_disp_4k.png
        rusty_metal_04_metal_1k.exr rusty_metal_04_rough_1k.exr aerial_rocks_02_arm_4k_roughness_edited.jpg
        aerial_rocks_02_arm_4k_ao_edited.jpg snow_field_aerial_height_1k.jpg concrete_floor_02_AO_1k.jpg
    """,
}
SUBSTANCE = {  # Substance Painter's presets: material, map
    "color": """
        Goblin_Base_color.png Helmet_Base_color.png blinn1_Base_Color.png lambert2_Base_Color.png
        bot1_rig_v01_Scene_Material_BaseColor.png sphere_DefaultMaterial_BaseColor.png grenade_emissive.png
        Oat_Cakes_Base_Color.png Mat_Base_Color.png tower_square_7_Base_Color.png
        Offroad_Tire_Clean_BaseColor.png
    """,
    "normal": """
        Terrain_Terrain_Normal_OpenGL.png TD_Checker_Normal_OpenGL.dds Goblin_Normal_OpenGL.png
        Material_65_Normal_DirectX.png KumDori_Baker_Cap_MAT_Normal_OpenGL.TGA
        food_0003_normal_opengl_1k.png godiva_godiva_clothing_normal_open_gl.png
        shar_DefaultMaterial_Normal.png Cake_Pop_norm.png
    """,
    "data": """
        TD_Checker_Mixed_AO.dds Goblin_Roughness.png Goblin_Metallic.png Goblin_Mixed_AO.png
        grenade_mixed_ao.png die_DefaultMaterial_OcclusionRoughnessMetallic.png
        lambert2_occlusionRoughnessMetallic.png Cake_Pop_ao-Cake_Pop_rough-Cake_Pop_metal.png
        Greasy_Pan_Orm.png food_0003_roughness_1k.jpg
        godiva_Godiva_Clothing_Metallic-Godiva_Clothing_Roughness.png driver_alpha.png
    """,
    "labels": "shot_MaterialID.png shot_objectid_0001.png shot_matid.png Spruce_Octa_MaterialId.png",
}
QUIXEL = {  # Megascans: asset, size, map; through Bridge and Fab into Unreal: T_asset_size_letters
    "color": """
        Aset_wood_root_M_rkswd_4K_Albedo.jpg uk5ofde_2K_Albedo.jpg ventdee_2K_Albedo.jpg
        pomoFruit_2K_Albedo.jpg Pine_Bark_vmbibe2g_2K_Specular.jpg slfm2rp_2K_Translucency.exr
        qheqG_2K_Specular.jpg T_vk2vcdl_4K_B.png T_xdhhdgq_4K_B.png T_si1odala_4K_B.png
        ForestFern_2K_Albedo.jpg
    """,
    "normal": """
        Aset_wood_root_M_rkswd_2K_Normal_LOD0.jpg uk5ofde_2K_Normal_LOD0.jpg siEoZ_2K_Normal_LOD0.jpg
        slfm2rp_2K_Normal.exr T_vk2vcdl_4K_N.png T_uegoehgfw_4K_N.png
    """,
    "data": """
        Aset_wood_root_M_rkswd_2K_Roughness.jpg Pine_Bark_vmbibe2g_2K_Cavity.jpg
        Pine_Bark_vmbibe2g_2K_Gloss.jpg slfm2rp_2K_Opacity.exr slfm2rp_2K_Displacement.exr slfm2rp_2K_AO.exr
        qheqG_4K_Bump.jpg T_vk2vcdl_4K_ORM.png T_xdhhdgq_4K_H.png T_uegoehgfw_4K_H.png T_xbohccs_4k_ORM.png
    """,
}
UNITY = {  # its standard shader's maps, with what alpha holds in their names
    "color": """
        Teleport_Teleport_AlbedoTransparency.png Teleport_Teleport_Emission.png ak74m_AlbedoTransparency.png
        Main_Character_01_AlbedoTransparency.png T_StoneStatue_Big_A_AlbedoTransparency.tga
        enemigo-01_1001_AlbedoTransparency.png Wood_AlbedoSmoothness.png Crate_Albedo.png
        Rock1_AlbedoSmoothness.png RoofClay_albedo.png Kestrel_BaseColor.png tiledstone1_basecolor.png
        Texture_8_Base.png
    """,
    "normal": """
        ak74m_Normal.png Barrel_Normal.png GalacticLeopard_Normal.png Treant_1_LP_DefaultMaterial_Normal.png
    """,
    "data": """
        Teleport_Teleport_MetallicSmoothness.png Barrel_MetallicSmoothness.png Barrel_Occlusion.png
        tiledstone1_metallicSmoothness.psd Treant_1_LP_DefaultMaterial_MaskMap.png Texture_7_MaskMap.png
        Texture_7_Height.png Texture_7_Roughness.png Main_Character_01_AO.png
    """,
}
UNREAL = {  # T_name_letters, of its starter content and elsewhere
    "color": """
        T_Rock_Sandstone_D.png T_CobbleStone_Rough_D.png T_Brick_Clay_Beveled_D.tga T_Concrete_Poured_D.png
        T_Metal_Bare_BC.tga T_Concrete_Smooth_BC.tga T_Bark_C.png T_Treant_Emissive.png PPG_3D_Player_D.png
    """,
    "normal": "T_Metal_Bare_N.tga T_Concrete_Smooth_N.tga T_Bark_N.png T_Rock_N.png PPG_3D_Player_N.png",
    "data": "T_Metal_Bare_RMA.tga T_Concrete_Smooth_RMA.tga T_Bark_ARM.png",
}
GLTF = {  # github.com/KhronosGroup/glTF-Sample-Assets and glTF-Sample-Models
    "color": """
        AnisotropyBarnLamp_basecolor.png Avocado_baseColor.png Avocado_diffuse.png
        Avocado_specularGlossiness.png Grips_Diffuse.png DropShadow.png Botton_baseColor.png
        Metal_baseColor.png Metal_emissive.png Corset_image4.png Dot_C.png Dash_E.png Khronos_C.png
        dgg_basecolor.png SavonaTile_ColorAlpha.png FurBaseColorAlpha.png Bishop_black_base_color.jpg
        chair_damask_basecolor.jpg chair_label.jpg chair_wood_albedo.jpg
        StainedGlassLamp_glass_basecolor-alpha.png AnimationPointerUVs_BaseColor.png
        AnimationPointerUVs_Sheen.png AnimationPointerUVs_DiffuseTransmission.png
        camera_camera_BaseColor.png CesiumMilkTruck.jpg
    """,
    "normal": """
        AnisotropyBarnLamp_normalbump.png "Normal Map.png" CarbonFibre_normal.png
        ClearCoatCarPaint_Normal.png clearcoat_normal.png wicker_normal.png Metal_normal.png
        Powdercoat_N.png Tiretread_N.png FurNormal.png AnimationPointerUVs_NormalFlat.png
        AnimationPointerUVs_ClearcoatNormal.png Heights_1d_Normals_v2.png
    """,
    "data": """
        AnimatedCube_MetallicRoughness.png AnisotropyBarnLamp_anisotropy.png ThicknessTexture.png
        AnisotropyBarnLamp_occlusionroughnessmetal.png "Roughness Metallic.png"
        Avocado_roughnessMetallic.png wicker_occlusion-rough-metal.png Titan_occlusionRoughnessMetallic.png
        Corset_occlusion.png FlightHelmet_occlusionRoughnessMetallic1.png Mechanical_ORM.png Thickness.png
        Occlusion.jpg dgg_rm.png FlightHelmet_Materials_RubberWoodMat_OcclusionRoughMetal.png
        SavonaTile_Grayscale_ORM.jpg chair_damask_roughmetal.jpg chair_metal_roughness255.jpg
        AnimationPointerUVs_Clearcoat.png AnimationPointerUVs_Iridescence.png
        MatBed_occlusionRoughnessMetallic.jpg
    """,
}
OTHERS = {  # Poliigon, whose names end in the workflow; github.com/mrdoob/three.js, examples/textures
    "color": """
        Blender001_COL_1K_METALNESS.jpg BricksReclaimedWhitewashedOffset001_COL_1K_METALNESS.png
        StoneBricksSplitface001_COL_1K.jpg WoodFloor_DIF.png WoodFloor_SPC.png brick_diffuse.jpg colors.png
        SparkleNoiseMap.png earth_lights_4k.jpg
    """,
    "normal": "NormalMapDirectX.png NormalMapOpenGL.png WoodFloor_NRM.png Carbon_Normal.png",
    "data": """
        StoneBricksSplitface001_AO_1K.jpg StoneBricksSplitface001_DISP_1K.png alphaMap.jpg anisotropy.png
        brick_bump.jpg brick_roughness.jpg
    """,
}
LIBRARIES = {
    "ambientCG": AMBIENTCG,
    "Poly Haven": POLY_HAVEN,
    "Substance": SUBSTANCE,
    "Quixel": QUIXEL,
    "Unity": UNITY,
    "Unreal": UNREAL,
    "glTF": GLTF,
    "others": OTHERS,
}


def names_in(text):
    """Return the names, of which some are quoted for the blanks that they have."""
    quoted = text.split('"')
    return [name for number, part in enumerate(quoted) for name in ([part] if number % 2 else part.split())]


@pytest.mark.parametrize("library", LIBRARIES)
def test_maps_of_libraries_are_taken_for_what_they_hold(library):
    wrong = {
        name: (guess_kind(name), kind)
        for kind, names in LIBRARIES[library].items()
        for name in names_in(names)
        if guess_kind(name) != kind
    }
    assert wrong == {}


def test_there_are_more_than_two_hundred_of_them():
    assert sum(len(names_in(names)) for kinds in LIBRARIES.values() for names in kinds.values()) > 200


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("gas_mask_BaseColor.png", "color"),
        ("Material_ID_Albedo.png", "color"),
        ("Metal_BaseColor.png", "color"),
        ("rough_wood_diffuse.jpg", "color"),
        ("sand_height_diff_4k.jpg", "color"),
        ("wood_N_D.png", "color"),
        ("rough_wood.jpg", "color"),
        ("metal_plate_01.png", "color"),
        ("robot_arm.png", "color"),
        ("gas_mask_02_mask.png", "labels"),
        ("diffuse_mask.png", "labels"),
        ("color_normal.png", "normal"),
        ("rock_mask.png.0007", "labels"),
        ("rock_nor_4096x4096_v003.png", "normal"),
        ("rock_mask.k16.png", "labels"),
        ("grün.png", "color"),  # no n
        ("gr\udcfcn.png", "color"),  # the same in Latin-1
        ("Körper_N.png", "normal"),
    ],
)
def test_what_a_map_is_wins_over_what_it_is_of(name, kind):
    assert guess_kind(name) == kind
