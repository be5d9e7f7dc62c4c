"""An installation to look at: people, desks and branches with names as they are in offices, by the API alone."""
import concurrent.futures
import random

FIRST = "Anna Ben Clara David Elif Felix Greta Hakan Ines Jonas Karla Leon Mia Nils Olga Paul Rosa Sami Tilda Uwe Vera Wim Yara Zoe".split()
LAST = "Berg Cole Demir Ernst Fischer Graf Hahn Ito Jansen Klein Lang Moreau Novak Okafor Peters Quist Roth Silva Thoma Urban Vogel Weber Young Zeller".split()
PLACES = ["Ground floor, north", "Ground floor, south", "First floor", "Second floor", "Meeting room", "Reception", "Workshop"]
MODELS = [("yealink", "T46S", "001565"), ("snom", "D785", "000413"), ("fanvil", "X6U", "0c383e"), ("grandstream", "GRP2614", "c074ad")]


def seed(api, desks=40, extensions=200, sbcs=4, first=301):
    """`api`: a logged-in Api. Numbers from `first` on."""
    dice = random.Random(7)
    branches = [f"branch-{n}" for n in range(1, sbcs + 1)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        def each(calls):
            return list(pool.map(lambda c: api.post(*c), calls))
        each(("/sbcs", {"name": b, "time_zone": "Europe/Berlin"}) for b in branches)
        people = []
        for n in range(extensions):
            keys = [{"type": "blf", "value": str(first + (n + k) % extensions), "label": ""} for k in range(1, dice.randint(1, 6))]
            people.append(("/extensions", {"number": str(first + n), "name": f"{FIRST[n % 24]} {LAST[(n * 7 + n // 24) % 24]}", "voicemail_pin": "7391",
                                           "hot_desking": n % 5 != 4, "keys": [{k: v for k, v in key.items() if v} for key in keys]}))
        each(people)
        made = []
        for n in range(desks):
            vendor, model, maker = MODELS[n % 4]
            way = {"method": "sbc", "sbc": branches[n % len(branches)], "sbc_address": f"192.168.{n % len(branches)}.5"} if branches and n % 3 else {"method": "local"}
            made.append(("/hot-desks", {"mac": f"{maker}{0xa00000 + n:06x}", "vendor": vendor, "model": model, "provisioning": way,
                                        "options": {"name": f"Desk {n + 1}", "location": dice.choice(PLACES)}}))
        each(made)
        outside(api, str(first))
        return [body["mac"] for _, body in made]


def outside(api, extension):
    """A trunk that is switched off, so that nothing leaves the machine; two rules, two numbers and a location without a route."""
    api.post("/trunks", {"name": "provider", "enabled": False, "domain": "sip.example.org", "user": "4930555", "password": "of the provider",
                         "country": "DE", "area_code": "30", "main_number": "+4930555000"})
    api.post("/outbound-rules", {"name": "Abroad", "pattern": "00.", "trunks": ["provider"], "classes": ["international"]})
    api.post("/outbound-rules", {"name": "Everything else", "pattern": ".", "trunks": ["provider"]})
    api.post("/inbound-numbers", {"first": "+4930555000", "extension": extension})
    api.post("/locations", {"name": "house", "address": {"country": "DE", "pc": "10115", "a3": "Berlin", "rd": "Invalidenstraße", "hno": "1", "flr": "2"},
                            "trunks": ["provider"], "callbacks": ["+4930555900"], "told": [extension], "test_numbers": ["933"]})
    api.post("/inbound-numbers", {"first": "+4930555300", "last": "+4930555399", "last_digits": 3})
