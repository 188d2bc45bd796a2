"""The way about: a row of pages, the scenes of this one, and on a phone one menu with every question."""

from pathlib import Path

import streamlit as st

from core.text import Text
from core.ui import language
from core.ui.scene import Scene
from core.ui.sections import SECTIONS, Section, all_scenes
from core.ui.situation import kept_address

HERE = Path(__file__).parent
_STRIP = "scene.strip"


def title(section: Section, text: Text) -> str:
    """Return what the section is called in the reader's language."""
    return text(f"shell.page.{section.key}.title")


def _short(section: Section, text: Text) -> str:
    return text(f"shell.page.{section.key}.short")


def links(text: Text) -> None:
    """Write a link to every page, for where none of them is shown."""
    for section in SECTIONS:
        st.page_link(
            section.script,
            label=title(section, text),
            icon=section.icon,
            query_params=kept_address(section.key),
        )


def row(here: Section | None, text: Text) -> None:
    """Write one row: the pages, on a phone a menu in their place, and the languages."""
    with st.container(key="nav", horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
        st.image(HERE / f"logo.{text.language}.svg", width=112, alt=text("shell.name"))
        with st.container(key="nav_pages", horizontal=True, wrap=False, gap=None, vertical_alignment="center"):
            for section in SECTIONS:
                name = _short(section, text)
                if section == here:
                    st.markdown(f"**{name}**", width="content")
                else:
                    st.page_link(section.script, label=name, query_params=kept_address(section.key))
        with st.container(key="nav_menu"):
            _menu(here, text)
        with st.container(key="nav_language"):
            language.choice()


def _menu(here: Section | None, text: Text) -> None:
    """Show, when it is opened, every page with its scenes' questions."""
    name = _short(here, text) if here else text("scene.menu")
    menu = st.popover(name, key="menu", on_change="rerun", width="stretch")
    if not menu.open:
        return
    with menu:
        for section in SECTIONS:
            st.page_link(section.script, label=title(section, text), query_params=kept_address(section.key))
            for scene in section.scenes:
                st.button(
                    text(scene.word("question")),
                    key=f"menu.{section.key}.{scene.key}",
                    type="tertiary",
                    on_click=_choose_from_menu,
                    args=(scene,),
                )


def _choose_from_menu(scene: Scene) -> None:
    st.session_state["go_to"] = scene


def strip(here: Scene, text: Text) -> None:
    """Show the names of the page's scenes, and the ways to the one before and the one after."""
    scenes = _section_of(here).scenes
    with st.container(key="strip", horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
        st.session_state[_STRIP] = here.key
        with st.container(key="scene_strip"):
            st.segmented_control(
                text("scene.strip"),
                [scene.key for scene in scenes],
                format_func=lambda key: text(f"{here.page}.{key}.name"),
                key=_STRIP,
                required=True,
                wrap=False,
                label_visibility="collapsed",
                on_change=lambda: _go(next(s for s in scenes if s.key == st.session_state[_STRIP])),
            )
        with st.container(key="strip_ways", horizontal=True, wrap=False, gap="xsmall", width="content"):
            _way(here, -1, "previous_scene", ":material/arrow_back:", "PageUp", text("scene.previous"))
            _way(here, 1, "next_scene", ":material/arrow_forward:", "PageDown", text("scene.next"))


def _way(here: Scene, by: int, key: str, icon: str, shortcut: str, label: str) -> None:
    scenes = all_scenes()
    there = scenes[(scenes.index(here) + by) % len(scenes)]
    st.button(label, icon=icon, key=key, shortcut=shortcut, on_click=_choose_from_menu, args=(there,))


def _section_of(scene: Scene) -> Section:
    return next(section for section in SECTIONS if section.key == scene.page)


def _go(scene: Scene) -> None:
    """Go to a scene of the page that is shown; for a callback."""
    st.query_params.from_dict(kept_address(scene.page, scene))


def follow(here: Section | None) -> None:
    """Go where a button has sent the reader, before anything is drawn."""
    scene = st.session_state.pop("go_to", None)
    if scene is None:
        return
    section = _section_of(scene)
    if section == here:
        _go(scene)
    else:
        st.switch_page(section.script, query_params=kept_address(scene.page, scene))
