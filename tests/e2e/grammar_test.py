#!/usr/bin/python3
"""The simulated phones are as strict as they say: a file with one fault in it is refused, by each fault's own reason. No program runs."""
import pathlib
import re
import sys
import unittest

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "support"))
from simphone import files  # noqa: E402

GOLDEN = TESTS / "unit" / "provisioning" / "golden"
# (what is wrong, what it replaces, by what)
GRANDSTREAM = [("an unknown name", "account.1.sip.subscriber.name", "account.1.sip.name"),
               ("an unknown word", ">G.722<", ">G722<"),
               ("a time zone of no list", ">CET-1CEST-2,M3.5.0/02:00:00,M10.5.0/03:00:00<", ">STD-1DST-2,M3.5.0/02:00:00,M10.5.0/03:00:00<"),
               ("a virtual key's account by name", r'(pks\.vpk\.3\.account">)0', r"\1Account1"),
               ("a physical key's account by number", r'(pks\.mpk\.3\.account">)Account1', r"\g<1>0"),
               ("a physical key as a line", r'(pks\.mpk\.4\.keyMode">)\w+', r"\1Line"),
               ("a key that stays", r' *<item name="pks\.mpk\.24\.value"></item>\n', ""),
               ("a key's kind that stays", r' *<item name="pks\.vpk\.16\.keyMode">None</item>\n', ""),
               ("an account that stays", r' *<item name="account\.12\.enable">No</item>\n', ""),
               ("a password that stays", r' *<item name="account\.7\.sip\.subscriber\.password"></item>\n', ""),
               ("a codec that stays", r' *<item name="account\.1\.codec\.choice\.8">.*</item>\n', ""),
               ("a forward that stays", r' *<item name="account\.1\.featureCodes\.callForwardBusyTarget"></item>\n', ""),
               ("do-not-disturb", r'(call\.dnd\.enable">)No', r"\1Yes"),
               ("a password with signs", r" </config>", '  <item name="users.admin.password">no&amp;good!</item>\n </config>'),
               ("twice the same", r"( *<item name=\"tr069\.enable\">No</item>\n)", r"\1\1"),
               ("a number among names", r" </config>", "  <P271>1</P271>\n </config>")]
SNOM = [("an unknown name", "user_realname", "user_display"),
        ("an unknown word", r"(<user_active idx=\"1\" perm=\"R\">)on", r"\1yes"),
        ("a setting that the person can change", r'<dnd_mode perm="R">', '<dnd_mode perm="RW">'),
        ("an identity that stays", r' *<user_active idx="12" perm="R">off</user_active>\n', ""),
        ("a password that stays", r' *<user_pass idx="5" perm="R"></user_pass>\n', ""),
        ("a key that stays", r' *<fkey idx="23" .*</fkey>\n', ""),
        ("a module's key that stays", r' *<fkey idx="77" .*</fkey>\n', ""),
        ("a key that does nothing known", ">speed \\*77", ">dial *77"),
        ("a password with signs", r" </phone-settings>", '  <http_pass perm="R">no&amp;good!</http_pass>\n </phone-settings>'),
        ("a time zone of another vendor's", ">GER\\+1<", ">Europe/Berlin<"),
        ("twice the same", r"( *<pnp_config .*</pnp_config>\n)", r"\1\1")]

MODELS = {"grandstream": "GRP2614", "snom": "D785"}


def read(vendor, file, memory):
    return files.read(vendor, file, memory, MODELS[vendor])


class Grammar(unittest.TestCase):
    def attack(self, vendor, name, faults):
        whole = (GOLDEN / name).read_text()
        setup = read(vendor, whole.encode(), files.memory_of(vendor))
        self.assertEqual((setup.user, setup.keys[0].value), ("101", "*77*5*"))
        for what, pattern, other in faults:
            with self.subTest(what):
                broken, count = re.subn(pattern, other, whole)
                self.assertGreater(count, 0, "nothing to break")
                with self.assertRaises((AssertionError, KeyError)):
                    read(vendor, broken.encode(), files.memory_of(vendor))

    def test_a_grandstream_takes_no_fault(self):
        self.attack("grandstream", "grandstream_GRP2614_occupied.txt", GRANDSTREAM)

    def test_a_snom_takes_no_fault(self):
        self.attack("snom", "snom_occupied.txt", SNOM)

    def test_a_phone_keeps_what_a_redirection_does_not_name(self):
        memory = files.memory_of("grandstream")
        read("grandstream", (GOLDEN / "grandstream_GRP2614_occupied.txt").read_bytes(), memory)
        setup = read("grandstream", b'<gs_provision version="1"><config version="1"><P212>1</P212><P237>192.0.2.1/p/T</P237></config></gs_provision>', memory)
        self.assertEqual((setup.provisioning_url, setup.user), ("http://192.0.2.1/p/T", ""))
        self.assertEqual(memory["account.1.sip.userid"], "101")


if __name__ == "__main__":
    unittest.main()
