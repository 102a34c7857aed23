"""A contract for import-linter (pyproject.toml): nothing imports a page, and only the page imports its room."""

import grimp
from importlinter import Contract, ContractCheck, output


class PageRooms(Contract):
    """Nothing imports pages/NAME.py, and only that page imports its room pages/widgets/NAME/.

    New pages are checked without a change here.
    """

    type_name = "page_rooms"

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        """Find whatever imports a page, or the room of another page."""
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
        """Print each import that breaks the contract."""
        for importer, imported in check.metadata["wrong"]:
            output.print_error(f"{importer} imports {imported}: what two pages need belongs in a shared room.")
