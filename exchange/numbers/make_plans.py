#!/usr/bin/env python3
"""Writes the world's numbering plans as C++ tables, from the metadata of libphonenumber as python3-phonenumbers has it.

    make_plans.py OUTPUT.cpp

The metadata are regular expressions over digits, each of a bounded length. All numbers of a country code become one
acyclic automaton, whose ends say the region and the class of a number; states that are alike are shared over all of them.
"""
import sys

import phonenumbers
from phonenumbers import PhoneMetadata

CLASSES = ["national", "mobile", "shared_cost", "premium", "international", "unknown"]  # NumberClass, in its order
NATIONAL, MOBILE, SHARED, PREMIUM, _, UNKNOWN = range(6)


# -- patterns: (?:…), |, […], \d, ?, {n}, {n,m}; to nodes of a graph with free edges --

class Graph:
    def __init__(self):
        self.edges = []  # per node: [(digits, target)]
        self.free = []  # per node: [target]

    def node(self):
        self.edges.append([])
        self.free.append([])
        return len(self.edges) - 1


class Pattern:
    """A pattern's text, added to a graph between two nodes."""

    def __init__(self, graph, text):
        self.graph, self.text, self.at = graph, text, 0

    def add(self, start):
        end = self.alternatives(start)
        assert self.at == len(self.text), self.text
        return end

    def peek(self):
        return self.text[self.at] if self.at < len(self.text) else ""

    def alternatives(self, start):
        end = self.graph.node()
        while True:
            self.graph.free[self.sequence(start)].append(end)
            if self.peek() != "|":
                return end
            self.at += 1

    def sequence(self, start):
        while self.peek() not in ("", "|", ")"):
            begin = self.at
            least, most, behind = self.repeats(begin)
            for i in range(most):
                self.at = begin
                after = self.atom(start)
                if i >= least:
                    self.graph.free[start].append(after)
                start = after
            self.at = behind
        return start

    def repeats(self, begin):
        """How often, at least and at most, the atom at `begin` stands there, and where its repetition ends."""
        self.atom(self.graph.node())
        least = most = 1
        if self.peek() == "?":
            least, self.at = 0, self.at + 1
        elif self.peek() == "{":
            close = self.text.index("}", self.at)
            bounds = [int(n) for n in self.text[self.at + 1:close].split(",")]
            least, most, self.at = bounds[0], bounds[-1], close + 1
        return least, most, self.at

    def atom(self, start):
        if self.text.startswith("(", self.at):
            self.at += 3 if self.text.startswith("(?:", self.at) else 1
            end = self.alternatives(start)
            assert self.peek() == ")", self.text
            self.at += 1
            return end
        if self.text.startswith("\\d", self.at):
            digits, self.at = "0123456789", self.at + 2
        elif self.text.startswith("[", self.at):
            close = self.text.index("]", self.at)
            digits, self.at = self.digits_of(self.text[self.at + 1:close]), close + 1
        else:
            digits, self.at = self.text[self.at], self.at + 1
            assert digits.isdigit(), self.text
        end = self.graph.node()
        self.graph.edges[start].append((digits, end))
        return end

    @staticmethod
    def digits_of(text):
        digits, i = "", 0
        while i < len(text):
            if text[i + 1:i + 2] == "-":
                digits += "".join(str(d) for d in range(int(text[i]), int(text[i + 2]) + 1))
                i += 3
            else:
                digits += text[i]
                i += 1
        return digits


# -- the automaton of all --

class Automaton:
    def __init__(self):
        self.states = {}  # (value, targets) -> number; 0 is the one without a way out
        self.number((0, (0,) * 10))

    def number(self, state):
        return self.states.setdefault(state, len(self.states))

    def of(self, patterns, value_of):
        """The state at which to begin. `value_of` gives a value above 0 for the patterns that an end belongs to."""
        graph = Graph()
        begin = graph.node()
        ends = {}
        for name, text in patterns:
            if text:
                ends.setdefault(Pattern(graph, text).add(begin), name)
        known = {}

        def closed(nodes):
            todo, seen = list(nodes), set(nodes)
            while todo:
                for target in graph.free[todo.pop()]:
                    if target not in seen:
                        seen.add(target)
                        todo.append(target)
            return frozenset(seen)

        def state(nodes):
            if nodes not in known:
                targets = []
                for digit in "0123456789":
                    following = {t for n in nodes for digits, t in graph.edges[n] if digit in digits}
                    targets.append(state(closed(following)) if following else 0)
                names = {ends[n] for n in nodes if n in ends}
                known[nodes] = self.number((value_of(names) if names else 0, tuple(targets)))
            return known[nodes]

        return state(closed([begin]))


def patterns_of(metadata, region):
    kinds = {"general": metadata.general_desc, "premium": metadata.premium_rate, "toll_free": metadata.toll_free,
             "shared": metadata.shared_cost, "voip": metadata.voip, "personal": metadata.personal_number,
             "pager": metadata.pager, "uan": metadata.uan, "voicemail": metadata.voicemail,
             "fixed": metadata.fixed_line, "mobile": metadata.mobile}
    for kind, description in kinds.items():
        if description is not None and description.national_number_pattern not in (None, "NA"):
            yield (region, kind), description.national_number_pattern


def class_of(kinds):
    """As libphonenumber decides on the type. What costs more than its kind promises counts as shared cost."""
    for kind, what in (("premium", PREMIUM), ("toll_free", NATIONAL), ("shared", SHARED), ("voip", NATIONAL),
                       ("personal", SHARED), ("pager", SHARED), ("uan", SHARED), ("voicemail", SHARED),
                       ("fixed", NATIONAL), ("mobile", MOBILE)):
        if kind in kinds:
            return what
    return UNKNOWN


def split_prefix(metadata):
    """What may be dialled before a national number, and (digits, pattern) of numbers dialled without their area code.

    A rule that puts something else in the place of what it takes away (Argentina's mobile 15) isn't followed.
    """
    rule = metadata.national_prefix_transform_rule
    prefixes, local = [], ("", "")
    for part in split_outside_groups(metadata.national_prefix_for_parsing or "", "|"):
        if part.endswith(")$"):
            local = (rule.replace("\\1", ""), part[1:-2])
            continue
        atoms = split_outside_groups(part, "")
        kept = next((i for i, atom in enumerate(atoms) if rule and "(" in atom.replace("(?:", "")), len(atoms))
        prefixes.append("".join(atoms[:kept]))
        for optional in atoms[kept:kept + 1]:  # (?:(carrier)(number))?
            groups = split_outside_groups(optional[3:-2], "") if optional.startswith("(?:") else []
            if len(groups) == 2 and groups[1].startswith("("):
                prefixes.append(prefixes[-1] + groups[0])
    return "|".join(prefixes), local


def split_outside_groups(pattern, separator):
    """At each `separator`; without one, behind each atom and its repetition."""
    parts, depth = [""], 0
    for i, c in enumerate(pattern):
        depth += (c in "([") - (c in ")]")
        if separator:
            if c == separator and depth == 0:
                parts.append("")
            else:
                parts[-1] += c
            continue
        parts[-1] += c
        if depth == 0 and pattern[i + 1:i + 2] not in ("?", "{"):
            parts.append("")
    return [part for part in parts if part]


def writes_prefix(region, metadata):
    """Whether a national number is written with the prefix that is dialled before it."""
    example = phonenumbers.example_number(region)
    if example is None or not metadata.national_prefix:
        return False
    written = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.NATIONAL)
    digits = "".join(c for c in written if c.isdigit())
    return digits == metadata.national_prefix + phonenumbers.national_significant_number(example)


def short_patterns(metadata):
    kinds = {"short": metadata.short_code, "toll_free": metadata.toll_free, "premium": metadata.premium_rate,
             "standard": metadata.standard_rate, "emergency": metadata.emergency}
    for kind, description in kinds.items():
        if description is not None and description.national_number_pattern not in (None, "NA"):
            yield kind, description.national_number_pattern


def emergency_pattern(metadata):
    description = metadata.emergency if metadata else None
    return [("emergency", description.national_number_pattern if description else "")]


def short_class(kinds):
    if "premium" in kinds:
        return PREMIUM
    return NATIONAL if kinds & {"toll_free", "standard", "emergency"} else UNKNOWN


def main(output):
    sys.setrecursionlimit(10_000)
    automaton = Automaton()
    regions = sorted(phonenumbers.SUPPORTED_REGIONS)
    index = {region: i + 1 for i, region in enumerate(regions)}
    begins = {}
    for code, of_code in sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items()):
        patterns, leading = [], {}
        for region in of_code:
            metadata = (PhoneMetadata.metadata_for_nongeo_region(code) if region == "001"
                        else PhoneMetadata.metadata_for_region(region))
            patterns += list(patterns_of(metadata, region))
            if metadata.leading_digits:
                # A number of the country code that begins so is this region's, whatever else it may be.
                patterns.append(((region, "leading"), f"(?:{metadata.leading_digits})\\d{{0,15}}"))
                leading[region] = True

        def value_of(names, of_code=of_code, leading=leading):
            def kinds(region):
                return {kind for r, kind in names if r == region}
            for region in of_code:
                found = kinds(region)
                if (("leading" in found) if region in leading else found - {"general"}) and "general" in found:
                    return 1 + index.get(region, 0) * len(CLASSES) + class_of(found)
            return 1 + index.get(of_code[0], 0) * len(CLASSES) + UNKNOWN if "general" in kinds(of_code[0]) else 0

        begins[code] = automaton.of(patterns, value_of)
    rows = []
    for region in regions:
        metadata = PhoneMetadata.metadata_for_region(region)
        short = PhoneMetadata.short_metadata_for_region(region)
        prefixes, (area, local) = split_prefix(metadata)
        exits = metadata.international_prefix or "00"
        written_exit = (metadata.preferred_international_prefix or exits).replace("~", "")
        rows.append((region, metadata.country_code, metadata.national_prefix or "", writes_prefix(region, metadata),
                     automaton.of([("prefix", prefixes)], lambda _: 1), area,
                     automaton.of([("local", local)], lambda _: 1),
                     written_exit if written_exit.isdigit() else "00", automaton.of([("exit", exits)], lambda _: 1),
                     automaton.of(short_patterns(short), lambda names: 1 + short_class(names)) if short else 0,
                     automaton.of(emergency_pattern(short), lambda _: 1)))
    states = list(automaton.states)
    assert len(states) < 65_536
    with open(output, "w", encoding="ascii") as out:
        out.write('// Made by make_plans.py.\n#include "exchange/numbers/plans.hpp"\n\n'
                  "namespace roamdesk::numbers::plans {\n\n")
        out.write(f"const State states[] = {{\n")
        for value, targets in states:
            out.write(f"{{{value},{{{','.join(map(str, targets))}}}}},\n")
        out.write("};\n\nconst Code code_list[] = {\n")
        for code, begin in begins.items():
            out.write(f"{{{code},{begin}}},\n")
        out.write("};\nconst Region region_list[] = {\n")
        for region, code, prefix, written, prefixes, area, local, written_exit, exits, short, emergency in rows:
            out.write(f'{{"{region}",{code},"{prefix}",{str(written).lower()},{prefixes},"{area}",{local},'
                      f'"{written_exit}",{exits},{short},{emergency}}},\n')
        out.write("};\nconst std::span<const Code> codes{code_list};\nconst std::span<const Region> regions{region_list};"
                  "\n\n}  // namespace roamdesk::numbers::plans\n")


if __name__ == "__main__":
    main(sys.argv[1])
