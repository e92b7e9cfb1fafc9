"""The demo world as the clients see it: what `tenantry demo --json` answered."""

import json
import os

with open(os.environ["TENANTRY_DEMO"], encoding="utf-8") as file:
    demo = json.load(file)

ORIGIN = demo["origin"]
"""Scheme, host and port."""
HOST = ORIGIN.removeprefix("https://")
"""Host and port."""

PARTNER_CENTER = "https://api.partnercenter.microsoft.com"
DIRECTORY_GRAPH = "https://graph.windows.net"
MICROSOFT_GRAPH = "https://graph.microsoft.com"
MANAGEMENT = "https://management.azure.com"

partner = demo["partner"]
customer = demo["customers"][0]
web_app = partner["webApp"]
command_line_app = partner["commandLineApp"]


def person(party, part):
    """Name and password of somebody of a party, by the part they play: `admin`, `helpdesk`, .."""
    found = [person for person in party["people"] if person["part"] == part]
    assert len(found) == 1, f"the demo has {len(found)} people who play {part}"
    return found[0]["name"], found[0]["password"]


def authority(tenant):
    """What version 2 libraries are told to sign in at."""
    return f"{ORIGIN}/{tenant}"
