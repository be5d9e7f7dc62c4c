#!/usr/bin/env python3
"""Asks libphonenumber's Python port about numbers of every country, and writes down what it says.

    oracle.py OUTPUT

A line is: its form, the country where it is dialled, the digits, then "e164 country class", or "-" where it is no number.
Forms: G with +, N as within the country, X from another country, E with the country's own way out, S a short number, of
which the class alone is said. H has the country's emergency numbers of two to four digits, with commas between them.
"""
import random
import re
import sys

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberFormat, PhoneNumberType, shortnumberinfo

CLASS = {PhoneNumberType.PREMIUM_RATE: "premium", PhoneNumberType.MOBILE: "mobile"}
CLASS |= {kind: "national" for kind in (PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE,
                                        PhoneNumberType.TOLL_FREE, PhoneNumberType.VOIP)}
CLASS |= {kind: "shared_cost" for kind in (PhoneNumberType.SHARED_COST, PhoneNumberType.PERSONAL_NUMBER,
                                           PhoneNumberType.PAGER, PhoneNumberType.UAN, PhoneNumberType.VOICEMAIL)}
COST = {shortnumberinfo.ShortNumberCost.PREMIUM_RATE: "premium", shortnumberinfo.ShortNumberCost.TOLL_FREE: "national",
        shortnumberinfo.ShortNumberCost.STANDARD_RATE: "national"}

# Where we aren't alike, and say so in exchange/numbers/README.md: what is put in another's place, an old form of numbers
# that is told by more than its first digits, a short number that is a long one as well.
ASIDE = ("AR", "AX", "GA", "NF")


def answer(number):
    kind = phonenumbers.number_type(number)
    region = phonenumbers.region_code_for_number(number)
    if region is None or kind not in CLASS:
        return "-"
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return f"{e164} {'' if region == '001' else region} {CLASS[kind]}"


def examples(region, rng):
    """National numbers of a country: one of each type, and others like it."""
    found = set()
    for kind in CLASS:
        example = phonenumbers.example_number_for_type(region, kind)
        if example is None:
            continue
        digits = phonenumbers.national_significant_number(example)
        found.add(digits)
        for _ in range(12):
            changed = list(digits)
            for at in rng.sample(range(len(changed)), rng.randint(1, len(changed))):
                changed[at] = rng.choice("0123456789")
            found.add("".join(changed)[:rng.choice([15, 15, len(digits), len(digits) - 1])])
    return sorted(found)


SHORTEST = [f"{digits:0{length}}" for length in (2, 3, 4) for digits in range(10**length)]


def emergency_numbers(region):
    metadata = PhoneMetadata.short_metadata_for_region(region)
    description = metadata.emergency if metadata else None
    if description is None or description.national_number_pattern is None:
        return []
    found = [digits for digits in SHORTEST if re.fullmatch(description.national_number_pattern, digits)]
    assert all(shortnumberinfo.is_emergency_number(digits, region) for digits in found)
    return found


def main(output):
    rng = random.Random(3966)
    with open(output, "w", encoding="ascii") as out:
        for region in sorted(phonenumbers.SUPPORTED_REGIONS):
            metadata = PhoneMetadata.metadata_for_region(region)
            exits = (metadata.preferred_international_prefix or metadata.international_prefix or "").replace("~", "")
            if exits.isdigit():
                out.write(f"E {region} {exits}49301234567 +49301234567 DE national\n")
            for digits in examples(region, rng) if region not in ASIDE else []:
                forms = [("G", f"+{metadata.country_code}{digits}"), ("N", digits)]
                if metadata.national_prefix:
                    forms.append(("N", metadata.national_prefix + digits))
                    forms.append(("G", f"+{metadata.country_code}{metadata.national_prefix}{digits}"))
                abroad = rng.choice(["DE", "US", "GB", "FR", "JP"])
                forms.append(("X", {"US": "011", "JP": "010"}.get(abroad, "00") + f"{metadata.country_code}{digits}"))
                for form, text in forms:
                    where = abroad if form == "X" else region
                    try:
                        said = answer(phonenumbers.parse(text, where))
                    except phonenumbers.NumberParseException:
                        said = "-"
                    out.write(f"{form} {where} {text} {said}\n")
            for digits in sorted({str(rng.randrange(100, 1000)) for _ in range(100)} |
                                 {str(rng.randrange(1000, 200_000)) for _ in range(300)}):
                short = phonenumbers.PhoneNumber(metadata.country_code, int(digits))
                if not shortnumberinfo.is_valid_short_number_for_region(short, region):
                    continue
                cost = shortnumberinfo.expected_cost_for_region(short, region)
                out.write(f"S {region} {digits} {COST.get(cost, 'unknown')}\n")
            out.write(f"H {region} {','.join(emergency_numbers(region)) or '-'} .\n")


if __name__ == "__main__":
    main(sys.argv[1])
