"""Particles and locators: what a cloud is made of.

Sources, named at each test: "docs: X" and "example: X" are Autodesk's command page X; "particle class" is
the public table of the particle node (text index file 61364337205), "ParticlesInCube" the public scene
45362009799; "icarus" is mjbonnington/icarus-gps rsc/maya/scripts/gpsImportPointCloud.py.
"""

from __future__ import annotations

import pytest
from maya import cmds

POINTS = [(0, 0, 0), (3, 5, 6), (5, 6, 7), (9, 9, 9)]
COLORS = [(0.0, 0.25, 1.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.5, 0.5, 0.5)]


def test_particle_returns_the_transform_and_the_shape():
    # icarus takes index 1 as the shape; docs: particle names shape and object
    transform, shape = cmds.particle(position=POINTS)
    assert cmds.nodeType(transform) == "transform"
    assert cmds.nodeType(shape) == "particle"
    assert cmds.listRelatives(transform, shapes=True) == [shape]


def test_particle_counts_its_points():
    # example: particle, "Creates a particle object with four particles"; docs: particle, flag count
    _, shape = cmds.particle(position=POINTS)
    assert cmds.particle(shape, query=True, count=True) == 4


def test_particle_takes_its_name_on_creation():
    # Autodesk's particle page lists name for query and edit only; its use on creation: docs: emit, example
    transform, shape = cmds.particle(position=POINTS, name="cloud")
    assert transform == "cloud"
    assert cmds.listRelatives("cloud", shapes=True) == [shape]


def test_particle_without_points_makes_an_empty_object():
    # icarus: particle() and then the arrays
    _, shape = cmds.particle()
    assert cmds.particle(shape, query=True, count=True) == 0


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("isDynamic", True),
        ("startFrame", 1.0),
        ("particleRenderType", 3),
        ("maxCount", -1),
        ("conserve", 1.0),
        ("forcesInWorld", True),
        ("lifespanMode", 0),
        ("depthSort", False),
        ("primaryVisibility", True),
        ("visibleInReflections", False),
    ],
)
def test_a_new_particle_object_has_these_values(attribute, value):
    # particle class
    shape = cmds.createNode("particle")
    assert cmds.getAttr(f"{shape}.{attribute}") == value


def test_the_attribute_s_render_types_are_not_the_api_s():
    # particle class: particleRenderType 3 is Points; MFnParticleSystem.RenderType kPoints is 6 (PyMEL
    # mayaApi2025)
    shape = cmds.createNode("particle")
    assert cmds.getAttr(f"{shape}.particleRenderType", asString=True) == "Points"
    cmds.setAttr(f"{shape}.particleRenderType", 6)
    assert cmds.getAttr(f"{shape}.particleRenderType", asString=True) == "Streak"


@pytest.mark.parametrize("attribute", ["rgbPP", "rgbPP0", "opacityPP", "radiusPP", "pointSize", "lifespanPP"])
def test_per_particle_colours_and_sizes_are_not_there_by_themselves(attribute):
    # node page particle: "To save memory, many attributes are added dynamically as the user needs them"
    shape = cmds.createNode("particle")
    assert not cmds.attributeQuery(attribute, node=shape, exists=True)


def test_adding_a_per_particle_attribute_does_not_add_its_initial_state():
    # Autodesk, "Understand initial state attributes": the twin ends in 0
    shape = cmds.createNode("particle")
    cmds.addAttr(shape, longName="rgbPP", dataType="vectorArray")
    assert not cmds.attributeQuery("rgbPP0", node=shape, exists=True)


def cloud(storable_twin=True):
    """A cloud made as icarus makes it: arrays on an empty particle object, then no dynamics."""
    _, shape = cmds.particle(name="cloud")
    cmds.addAttr(shape, longName="rgbPP", dataType="vectorArray", storable=False)
    if storable_twin:
        cmds.addAttr(shape, longName="rgbPP0", dataType="vectorArray", hidden=True)
        cmds.setAttr(f"{shape}.rgbPP0", 4, *COLORS, type="vectorArray")
    cmds.setAttr(f"{shape}.position0", 4, *POINTS, type="vectorArray")
    cmds.setAttr(f"{shape}.rgbPP", 4, *COLORS, type="vectorArray")
    cmds.setAttr(f"{shape}.isDynamic", 0)
    return shape


def reopened(tmp_path):
    path = str(tmp_path / "cloud.ma")
    cmds.file(rename=path)
    cmds.file(save=True, type="mayaAscii")
    cmds.file(new=True, force=True)
    cmds.file(path, open=True, force=True)


def test_the_initial_state_survives_saving(tmp_path):
    # ParticlesInCube: rgbPP0 and pos0 are stored, each with its count
    shape = cloud()
    reopened(tmp_path)
    assert cmds.getAttr(f"{shape}.position0") == [pytest.approx(point) for point in POINTS]
    assert cmds.getAttr(f"{shape}.rgbPP0") == [pytest.approx(color) for color in COLORS]
    assert not cmds.getAttr(f"{shape}.isDynamic")


def test_a_colour_without_its_initial_state_is_lost_when_reopened(tmp_path):
    # ParticlesInCube: addAttr -s false ... rgbPP: not stored; Autodesk, "Understand initial state attributes"
    shape = cloud(storable_twin=False)
    reopened(tmp_path)
    assert cmds.attributeQuery("rgbPP", node=shape, exists=True)
    assert not cmds.getAttr(f"{shape}.rgbPP")


def test_runtime_positions_are_not_stored(tmp_path):
    # node page particle: position is not storable, position0 is
    _, shape = cmds.particle(position=POINTS, name="cloud")
    cmds.setAttr(f"{shape}.velocity", 1, (1, 2, 3), type="vectorArray")
    reopened(tmp_path)
    assert cmds.getAttr(f"{shape}.velocity") != [(1, 2, 3)]


def test_rewinding_shows_the_initial_state():
    # icarus: setAttr position0, then currentTime(startFrame); docs: saveInitialState
    cmds.currentTime(10)
    shape = cloud()
    cmds.setAttr(f"{shape}.isDynamic", 1)
    cmds.currentTime(cmds.getAttr(f"{shape}.startFrame"))
    assert cmds.getAttr(f"{shape}.rgbPP") == [pytest.approx(color) for color in COLORS]


def test_an_object_that_is_not_dynamic_keeps_what_it_has():
    # icarus: the initial state and the time are set before isDynamic is turned off
    cmds.currentTime(10)
    shape = cloud()
    cmds.currentTime(cmds.getAttr(f"{shape}.startFrame"))
    assert cmds.particle(shape, query=True, count=True) == 0


def test_setting_the_time_that_it_is_calculates_nothing():
    # Autodesk, "Creation expression execution": rewinding twice does nothing, "because no attribute value changes"
    cmds.currentTime(1)
    shape = cloud()
    cmds.setAttr(f"{shape}.isDynamic", 1)
    cmds.currentTime(1)
    assert cmds.particle(shape, query=True, count=True) == 0


def run_up(shape, frame, from_start=True):
    """As Autodesk/maya-usd's particleWriter.cpp does with legacy particles."""
    from maya import OpenMaya, OpenMayaFX

    found, node = OpenMaya.MSelectionList(), OpenMaya.MObject()
    found.add(shape)
    found.getDependNode(0, node)
    particles = OpenMayaFX.MFnParticleSystem(node)
    particles.evaluateDynamics(OpenMaya.MTime(frame, OpenMaya.MTime.uiUnit()), from_start)
    return particles.count()


def test_one_object_can_be_run_up_while_the_scene_stays_at_its_frame():
    # PyMEL's mayaApi2025, MFnParticleSystem.evaluateDynamics: "Run up the particle system to a certain frame"
    cmds.currentTime(40)
    shape = cloud()
    cmds.setAttr(f"{shape}.isDynamic", 1)
    cmds.setAttr(f"{shape}.startFrame", 40)
    assert run_up(shape, 40) == 4
    assert cmds.getAttr(f"{shape}.rgbPP") == [pytest.approx(color) for color in COLORS]
    assert cmds.currentTime(query=True) == 40


def test_nothing_is_calculated_before_the_start_frame():
    # Autodesk, "Control execution time of particle dynamics"
    shape = cloud()
    cmds.setAttr(f"{shape}.isDynamic", 1)
    cmds.setAttr(f"{shape}.startFrame", 40)
    assert run_up(shape, 39) == 0


def test_what_is_no_particle_object_cannot_be_run_up():
    cmds.spaceLocator(name="mark")
    with pytest.raises(RuntimeError, match="incompatible"):
        run_up("mark", 1)


def test_arnold_has_visibilities_of_its_own_while_it_is_loaded():
    # particle class: category "arnold", default true
    assert not cmds.attributeQuery("aiVisibleInVolume", node=cmds.createNode("particle"), exists=True)
    cmds.loadPlugin("mtoa", quiet=True)
    shape = cmds.createNode("particle")
    for name in ("aiVisibleInDiffuseReflection", "aiVisibleInSpecularTransmission", "aiSelfShadows"):
        assert cmds.getAttr(f"{shape}.{name}")
    cmds.unloadPlugin("mtoa", force=True)


def test_a_particle_object_is_in_the_particle_shading_group():
    # public scenes: particleShape.iog -> :initialParticleSE.dagSetMembers
    _, shape = cmds.particle(position=POINTS)
    assert cmds.sets(shape, isMember="initialParticleSE")


def test_particle_makes_no_nucleus_and_no_other_nodes():
    # public scenes of legacy particles hold a transform and a shape only
    before = set(cmds.ls())
    made = cmds.particle(position=POINTS)
    assert set(cmds.ls()) - before == set(made)


N_PARTICLE = """//Maya ASCII 2020 scene
requires maya "2020";
createNode nucleus -n "nucleus1";
createNode transform -n "nParticle1";
createNode nParticle -n "nParticleShape1" -p "nParticle1";
\taddAttr -s false -ci true -sn "rgbPP" -ln "rgbPP" -dt "vectorArray";
\taddAttr -ci true -h true -sn "rgbPP0" -ln "rgbPP0" -dt "vectorArray";
connectAttr ":time1.o" "nucleus1.cti";
connectAttr "nParticleShape1.cust" "nucleus1.niao[0]";
connectAttr "nParticleShape1.stst" "nucleus1.nias[0]";
connectAttr "nucleus1.noao[0]" "nParticleShape1.nxst";
connectAttr "nucleus1.stf" "nParticleShape1.stf";
connectAttr "nParticleShape1.incr" "nParticleShape1.rgbPP";
"""


def test_the_colour_of_an_nParticle_is_driven(tmp_path):
    # ParticlesInCube: nParticleShape.internalColorRamp -> rgbPP, with a nucleus
    path = tmp_path / "nparticle.ma"
    path.write_text(N_PARTICLE, encoding="utf-8")
    cmds.file(str(path), open=True, force=True)
    with pytest.raises(RuntimeError, match="locked or connected"):
        cmds.setAttr("nParticleShape1.rgbPP", 4, *COLORS, type="vectorArray")
    with pytest.raises(RuntimeError, match="locked or connected"):
        cmds.setAttr("nParticleShape1.startFrame", 5)


def test_emit_adds_particles_and_returns_their_ids():
    # docs: emit; returns int[]
    cmds.currentTime(1)
    _, shape = cmds.particle(name="cloud")
    assert cmds.emit(object=shape, position=POINTS[:2]) == [0, 1]
    assert cmds.particle(shape, query=True, count=True) == 2


def test_emit_before_the_start_frame_adds_none():
    # docs: emit, "ONLY at frames greater than or equal to its start frame"
    _, shape = cmds.particle(name="cloud")
    cmds.setAttr(f"{shape}.startFrame", 10)
    cmds.currentTime(1)
    assert not cmds.emit(object=shape, position=POINTS[:2])
    assert cmds.particle(shape, query=True, count=True) == 0


def test_emitted_particles_go_when_the_scene_is_rewound_unless_saved():
    # docs: emit, "will disappear when the scene is rewound unless they are saved into the initial state"
    cmds.currentTime(1)
    _, shape = cmds.particle(name="cloud")
    cmds.emit(object=shape, position=POINTS[:2])
    cmds.currentTime(5)
    cmds.currentTime(1)
    assert cmds.particle(shape, query=True, count=True) == 0
    cmds.emit(object=shape, position=POINTS[:2])
    cmds.saveInitialState(shape)
    cmds.currentTime(5)
    cmds.currentTime(1)
    assert cmds.particle(shape, query=True, count=True) == 2


def test_emit_needs_an_object():
    # docs: emit, flag object, "This flag must be passed"
    with pytest.raises(RuntimeError, match=r"(?i)object|particle"):
        cmds.emit(position=POINTS)


def test_the_number_of_commands_does_not_grow_with_the_points(count_commands):
    # icarus: one setAttr for each array
    _, shape = cmds.particle()
    with count_commands() as counted:
        cmds.setAttr(f"{shape}.position0", 10_000, *[(i, i, i) for i in range(10_000)], type="vectorArray")
    assert len(counted) == 1


# --- locators


def test_spaceLocator_returns_one_transform_in_a_list():
    # docs: spaceLocator, returns string[]
    (locator,) = cmds.spaceLocator()
    assert cmds.nodeType(locator) == "transform"
    assert cmds.nodeType(cmds.listRelatives(locator, shapes=True)[0]) == "locator"


def test_spaceLocator_takes_a_name():
    assert cmds.spaceLocator(name="mark") == ["mark"]
    assert cmds.listRelatives("mark", shapes=True) == ["markShape"]


def test_spaceLocator_s_position_is_the_shape_s():
    # docs: spaceLocator, flag relative: "The locator is created in relative mode by default"
    cmds.spaceLocator(name="mark", position=(1, 2, 3))
    assert cmds.getAttr("mark.translate") == [(0, 0, 0)]
    assert cmds.getAttr("markShape.localPosition") == [(1, 2, 3)]


def test_spaceLocator_takes_units():
    # example: spaceLocator, p=('1in', '1in', '1in'); centimetres are the default linear unit
    cmds.spaceLocator(name="mark", position=("1in", "1in", "1in"))
    assert cmds.getAttr("markShape.localPositionX") == pytest.approx(2.54)


def test_a_locator_has_a_scale_of_its_own():
    # node page locator: localScale 1.0, 1.0, 1.0
    cmds.spaceLocator(name="mark")
    assert cmds.getAttr("markShape.localScale") == [(1, 1, 1)]
    cmds.setAttr("markShape.localScale", 0.5, 0.5, 0.5, type="double3")
    assert cmds.getAttr("markShape.localScaleZ") == 0.5


def test_a_locator_s_world_position_is_an_output():
    # node page locator: worldPosition output only
    cmds.spaceLocator(name="mark")
    with pytest.raises(RuntimeError, match="worldPosition"):
        cmds.setAttr("markShape.worldPosition[0].worldPositionX", 1)


def test_a_drawing_override_has_its_parts():
    # maya-mock-completion, transform: drawOverride; node page displayLayer: displayType
    cmds.spaceLocator(name="mark")
    cmds.setAttr("markShape.overrideEnabled", True)
    cmds.setAttr("markShape.overrideRGBColors", True)
    cmds.setAttr("markShape.overrideColorRGB", 1, 0.5, 0, type="float3")
    cmds.setAttr("markShape.overrideDisplayType", 2)
    assert cmds.getAttr("markShape.overrideColorRGB") == [(1, 0.5, 0)]
    assert cmds.getAttr("markShape.overrideDisplayType", asString=True) == "Reference"
    with pytest.raises(RuntimeError, match=r"(?i)past its maximum value|enum"):
        cmds.setAttr("markShape.overrideDisplayType", 3)


def test_a_colour_index_ends_at_31():
    # maya-mock-completion, transform: overrideColor 0..31
    cmds.spaceLocator(name="mark")
    with pytest.raises(RuntimeError, match="past its maximum value"):
        cmds.setAttr("mark.overrideColor", 32)


def test_a_display_layer_takes_the_overrides_of_its_members():
    # node page displayLayer: drawInfo drives its members' drawOverride
    cmds.spaceLocator(name="mark")
    cmds.select("mark")
    layer = cmds.createDisplayLayer(name="layer", noRecurse=True)
    assert cmds.nodeType(layer) == "displayLayer"
    assert cmds.listConnections("mark.drawOverride", source=True) == [layer]
    with pytest.raises(RuntimeError, match="locked or connected"):
        cmds.setAttr("mark.overrideEnabled", True)


def test_a_curve_is_made_from_points():
    # example: curve; FXTD-ODYSSEY/vscode-mayapy: curve returns string
    curve = cmds.curve(degree=1, point=[(0, 0, 0), (1, 0, 0), (1, 1, 0)], name="edge")
    assert curve == "edge"
    assert cmds.nodeType(cmds.listRelatives("edge", shapes=True)[0]) == "nurbsCurve"


def test_one_particle_is_read_by_its_order_or_its_id_from_the_selection_too():
    # example: particle, which asks the selected object for the velocity of a particle, by its order, and edits it
    transform, shape = cmds.particle(position=POINTS)
    assert cmds.particle(attribute="velocity", query=True, order=3) == [0, 0, 0]
    cmds.particle(edit=True, attribute="velocity", order=3, vectorValue=(0.0, 1.0, 0.0))
    assert cmds.particle(transform, query=True, attribute="velocity", id=3) == [0, 1, 0]
    cmds.particle(shape, edit=True, attribute="mass", id=3, floatValue=0.7)
    assert cmds.particle(shape, query=True, attribute="mass", order=3) == [0.7]


def test_a_particle_that_is_not_there_is_refused():
    _, shape = cmds.particle(position=POINTS)
    with pytest.raises(RuntimeError, match="no particle"):
        cmds.particle(shape, query=True, attribute="position", order=4)
    cmds.select(clear=True)
    with pytest.raises(RuntimeError, match=r"(?i)select"):
        cmds.particle(query=True, attribute="position", order=0)
