"""A contract for import-linter (pyproject.toml): a page is nobody's, and its room is that page's alone."""

import grimp
from importlinter import Contract, ContractCheck, output


class PageRooms(Contract):
    """Where there are pages/NAME.py and a room pages/widgets/NAME/, only the page imports the room, and nothing
    imports the page. So a new page is held to that from its first line on.
    """

    type_name = "page_rooms"

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        """Look at everything that imports a page or its room."""
        pages = graph.find_children("pages") - {"pages.widgets"}
        wrong = [(importer, page) for page in pages for importer in graph.find_modules_that_directly_import(page)]
        for page in pages:
            room = f"pages.widgets.{page.removeprefix('pages.')}"
            if room not in graph.modules:
                continue
            inside = {room} | graph.find_descendants(room)
            importers = {importer for module in inside for importer in graph.find_modules_that_directly_import(module)}
            wrong += [(importer, room) for importer in importers - inside - {page}]
        return ContractCheck(kept=not wrong, metadata={"wrong": sorted(wrong)})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Say who imports what it must not."""
        for importer, imported in check.metadata["wrong"]:
            output.print_error(f"{importer} imports {imported}: what two pages need belongs into a shared room.")
