"""A browser without JavaScript, for the pages a client sends its user to.

It knows forms, links, cookies and redirects, as every browser since 1996, and nothing of our pages but the names of
fields. It stops where the pages hand over to the client: at an address that begins with `until`.
"""

import html.parser
import os
import urllib.parse

import requests


class Form:
    def __init__(self, attributes):
        self.action = attributes.get("action") or ""
        self.method = (attributes.get("method") or "get").lower()
        self.fields = {}
        self.buttons = []


class Reader(html.parser.HTMLParser):
    """The forms of a page, in order."""

    def __init__(self):
        super().__init__()
        self.forms = []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "form":
            self.forms.append(Form(attributes))
        elif self.forms and tag == "input":
            self.input(attributes)
        elif self.forms and tag == "button" and attributes.get("name"):
            self.forms[-1].buttons.append((attributes["name"], attributes.get("value") or ""))

    def input(self, attributes):
        kind = (attributes.get("type") or "text").lower()
        name = attributes.get("name")
        if not name or (kind in ("checkbox", "radio") and "checked" not in attributes):
            return
        if kind == "submit":
            self.forms[-1].buttons.append((name, attributes.get("value") or ""))
        else:
            self.forms[-1].fields[name] = attributes.get("value") or ""


class Browser:
    def __init__(self):
        self.session = requests.Session()
        self.session.verify = os.environ["REQUESTS_CA_BUNDLE"]

    def walk(self, url, answers, until="\0", buttons=("accept", "continue", "yes")):
        """Opens a page, fills what it asks for from `answers`, goes on until an address begins with `until` or a page asks
        for nothing more. Gives the address and what was posted to it, or the last page's text."""
        method, fields = "get", {}
        for _ in range(20):
            if url.startswith(until):
                return url, fields
            if method == "post":
                answer = self.session.post(url, data=fields, allow_redirects=False)
            else:
                answer = self.session.get(url, params=fields or None, allow_redirects=False)
            if answer.is_redirect:
                url, method, fields = urllib.parse.urljoin(answer.url, answer.headers["location"]), "get", {}
                continue
            assert answer.status_code == 200, f"{answer.status_code} at {answer.url}: {answer.text}"
            reader = Reader()
            reader.feed(answer.text)
            if not reader.forms:
                return answer.url, answer.text
            form = reader.forms[0]
            fields = {name: answers.get(name, value) for name, value in form.fields.items()}
            pressed = [button for button in form.buttons if button[1] in buttons] or form.buttons
            fields.update(pressed[:1])
            url, method = urllib.parse.urljoin(answer.url, form.action), form.method
        raise AssertionError(f"still not there after 20 pages: {url}")


def query_of(url):
    """The parameters that a redirect brought."""
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
