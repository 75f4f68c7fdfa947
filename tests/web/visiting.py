"""A browser without scripts: keeps cookies, and fills in and sends the forms that it finds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

Fields = Mapping[str, str | list[str]]


@dataclass(frozen=True)
class Page:
    """What came back."""

    path: str
    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def soup(self) -> BeautifulSoup:
        """The page as elements."""
        return BeautifulSoup(self.text, "lxml")

    def words(self) -> str:
        """What stands in its main part."""
        main = self.soup.find("main")
        return " ".join(main.get_text(" ").split()) if main else self.text

    def form(self, act: str) -> Tag:
        """The first form with a button for a decision."""
        button = self.soup.select_one(f"form button[name=act][value={act}]")
        assert button is not None, self.words()
        form = button.find_parent("form")
        assert isinstance(form, Tag)
        return form


@dataclass
class Visitor:
    """Somebody at a site; `headers` go with all that they send."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    watch: Callable[[str], object] = str  # is told each Set-Cookie

    def get(self, path: str) -> Page:
        """A page, as it stands; redirects are followed."""
        return self.send("GET", path)

    def post(self, path: str, fields: Fields, **headers: str) -> Page:
        """What a form of this site sends, where the headers do not say otherwise."""
        told = {"origin": self.address, "content-type": "application/x-www-form-urlencoded"}
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in told.items() if value}
        return self.send("POST", path, urlencode(fields, doseq=True), sent)

    def submit(self, page: Page, act: str, **fields: str | list[str]) -> Page:
        """Fill in the form of a decision and press its button."""
        form = page.form(act)
        return self.post(str(form["action"]), {**filled(form), "act": act, **fields})

    def enter(self, key: str, name: str) -> Page:
        """Sign in to review."""
        page = self.get("/review/enter")
        form = page.soup.select_one("form.enter")
        assert form is not None, page.words()
        return self.post(str(form["action"]), {**filled(form), "key": key, "name": name})

    def send(self, method: str, path: str, body: str | None = None, headers: Mapping[str, str] | None = None) -> Page:
        """A request, and those that its answer leads on to."""
        connection = HTTPConnection(urlsplit(self.address).netloc, timeout=60)
        try:
            cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            connection.request(
                method, path, body, {**({"cookie": cookie} if cookie else {}), **self.headers, **(headers or {})}
            )
            answer = connection.getresponse()
            text = answer.read().decode()
            for line in answer.headers.get_all("set-cookie", []):
                self.watch(line)
                self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
            told = {name.lower(): value for name, value in answer.getheaders()}
        finally:
            connection.close()
        if answer.status == 303:
            return self.get(urljoin(path, told["location"]))
        return Page(path, answer.status, told, text)


def filled(form: Tag) -> dict[str, str | list[str]]:
    """The fields of a form as they stand."""
    found: dict[str, str | list[str]] = {}
    for one in form.select("input[name], select[name]"):
        if one.get("type") in {"checkbox", "radio"} and not one.has_attr("checked"):
            continue
        chosen = one.select_one("option[selected]")
        found[str(one["name"])] = str(chosen["value"]) if chosen else str(one.get("value", ""))
    return found
