#!/usr/bin/python3
"""The simulated phones are as strict as they say: a file with one fault in it is refused, by each fault's own reason. No program runs."""
import pathlib
import re
import sys
import unittest

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "support"))
from simphone import files, grandstream  # noqa: E402

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
GRANDSTREAM_BOARD = [("a board that it hasn't", r" </config>", '  <item name="pks.ext.161.keyMode">None</item>\n </config>'),
                     ("a board's account by number", r'(pks\.ext\.3\.account">)Account1', r"\g<1>0"),
                     ("a board's key as a line", r'(pks\.ext\.4\.keyMode">)\w+', r"\1Line"),
                     ("a kind of no list", r'(pks\.ext\.1\.keyMode">)BLF', r"\1Blf"),
                     ("a board's key that dials nothing", r'(pks\.ext\.1\.value">)\d+', r"\1"),
                     ("a board's key that stays", r' *<item name="pks\.ext\.160\.value"></item>\n', ""),
                     ("a board's kind that stays", r' *<item name="pks\.ext\.41\.keyMode">None</item>\n', ""),
                     ("a label that stays", r' *<item name="pks\.ext\.80\.description"></item>\n', ""),
                     ("a label of an empty key", r'(pks\.ext\.2\.description">)', r"\1Eva"),
                     ("a key below the screen that stays", r' *<item name="pks\.softkey\.3\.value"></item>\n', ""),
                     ("a physical key, which it hasn't", r" </config>", '  <item name="pks.mpk.1.keyMode">None</item>\n </config>')]
SNOM = [("an unknown name", "user_realname", "user_display"),
        ("an unknown word", r"(<user_active idx=\"1\" perm=\"R\">)on", r"\1yes"),
        ("a setting that the person can change", r'<pnp_config perm="R">', '<pnp_config perm="RW">'),
        ("do-not-disturb that no key can switch", r'<dnd_mode perm="RW">', '<dnd_mode perm="R">'),
        ("do-not-disturb that stays", r' *<dnd_mode perm="RW">off</dnd_mode>\n', ""),
        ("a forward that stays", r' *<redirect_event perm="RW">none</redirect_event>\n', ""),
        ("an identity that stays", r' *<user_active idx="12" perm="R">off</user_active>\n', ""),
        ("a password that stays", r' *<user_pass idx="5" perm="R"></user_pass>\n', ""),
        ("a key that stays", r' *<fkey idx="23" .*</fkey>\n', ""),
        ("a module's key that stays", r' *<fkey idx="77" .*</fkey>\n', ""),
        ("a key that does nothing known", ">speed \\*77", ">dial *77"),
        ("a password with signs", r" </phone-settings>", '  <http_pass perm="R">no&amp;good!</http_pass>\n </phone-settings>'),
        ("a lock that stays", r' *<keyboard_lock perm="R">off</keyboard_lock>\n', ""),
        ("a time zone of another vendor's", ">GER\\+1<", ">Europe/Berlin<"),
        ("twice the same", r"( *<pnp_config .*</pnp_config>\n)", r"\1\1")]

YEALINK = [("another first line", "#!version:1.0.0.1", "#!version:1.0.0.2"),
           ("an unknown name", "phone_setting.phone_lock.enable", "phone_setting.locked"),
           ("an unknown word", "lang.gui = English", "lang.gui = en"),
           ("a type of no list", r"linekey\.3\.type = 16", "linekey.3.type = 99"),
           ("a time zone of another vendor's", r"local_time\.time_zone = \+1", "local_time.time_zone = CET"),
           ("no equals sign", "features.dnd.enable = 0", "features.dnd.enable 0"),
           ("an account that stays", r"account\.16\.enable = 0\n", ""),
           ("a password that stays", r"account\.9\.password = %NULL%\n", ""),
           ("a mailbox that stays", r"voice_mail\.number\.12 = %NULL%\n", ""),
           ("a key that stays", r"linekey\.27\.value = %NULL%\n", ""),
           ("a module's key that stays", r"expansion_module\.6\.key\.40\.type = 0\n", ""),
           ("a programmable key that stays", r"programablekey\.14\.value = %NULL%\n", ""),
           ("a forward that stays", r"account\.1\.busy_fwd\.target = %NULL%\n", ""),
           ("do-not-disturb", r"account\.1\.dnd\.enable = 0", "account.1.dnd.enable = 1"),
           ("do-not-disturb that stays", r"features\.dnd\.enable = 0\n", ""),
           ("the phone's forward that stays", r"forward\.always\.enable = 0\n", ""),
           ("a lock", r"phone_setting\.phone_lock\.enable = 0", "phone_setting.phone_lock.enable = 1"),
           ("contacts that stay", r"local_contact\.data\.delete = .*\n", ""),
           ("two ways to pick up", r"linekey\.3\.extension = %NULL%", "linekey.3.extension = 102"),
           ("a password with signs", r"\Z", "static.security.user_password = admin:no&good!\n"),
           ("its first password", r"\Z", "static.security.user_password = admin:admin\n"),
           ("twice the same", r"(sip\.trust_ctrl = 1\n)", r"\1\1")]
FANVIL = [("another kind of file", "sysConf", "VOIP_CONFIG_FILE"),
          ("an unknown name", "EnableDND", "DND"),
          ("an unknown word", r"(<VoiceCodecMap>)PCMA", r"\1G711A"),
          ("a language of no list", "<DefaultLanguage>en<", "<DefaultLanguage>English<"),
          ("a time zone's name of another vendor's", "<TimeZoneName>UTC\\+1<", "<TimeZoneName>CET<"),
          ("a key's value of another vendor's", r"\*77\*5\*@1/f", "*77*5*"),
          ("a line that stays", r'(<line index="20">\s*)<EnableReg>0</EnableReg>', r"\1"),
          ("a password that stays", r'(<line index="7">(?:\s*<(?!RegisterPswd)\w+>[^<]*</\w+>)*\s*)<RegisterPswd></RegisterPswd>', r"\1"),
          ("a key that stays", r'(?s)(<internal index="5">.*)<Fkey index="12">.*?</Fkey>(\s*</internal>)', r"\1\2"),
          ("a key beside the screen that stays", r'(?s)(<dssSide index="1">.*?)<Fkey index="5">.*?</Fkey>', r"\1"),
          ("a soft key that stays", r'(?s)<dssSoft index="10">.*?</dssSoft>', ""),
          ("do-not-disturb that stays", r" *<DNDMode>0</DNDMode>\n", ""),
          ("a forward that stays", r" *<AlwaysFWD>0</AlwaysFWD>\n", ""),
          ("a lock", "<KeyLockStatus>0<", "<KeyLockStatus>1<"),
          ("a number that can't grow", "<Version>2\\.0000000008<", "<Version>2.0<"),
          ("a password with signs", "</phone>", "<MenuPassword>no-good!</MenuPassword></phone>"),
          ("twice the same", r"( *<FDPSEnable>0</FDPSEnable>\n)", r"\1\1")]
FANVIL_X4 = [("another kind of file", "VOIP_CONFIG_FILE", "sysConf"),
             ("an unknown name", "Enable_DND", "DND"),
             ("a codec of the newer kind", r"(<VoiceCodecMap>)G711A", r"\1PCMA"),
             ("a language by its word", r"<Language>\d+<", "<Language>en<"),
             ("a line that stays", r"(<ID>SIP4</ID>(?:\s*<(?!Enable_Reg)\w+>[^<]*</\w+>)*\s*)<Enable_Reg>0</Enable_Reg>", r"\1"),
             ("a key that stays", r"(?s)<Function_Key_Entry>\s*<ID>Fkey30</ID>.*?</Function_Key_Entry>", ""),
             ("a soft key that stays", r"(?s)<Soft_Dss_Key_Entry>\s*<ID>SoftFkey12</ID>.*?</Soft_Dss_Key_Entry>", ""),
             ("a forward that stays", r" *<Always_FWD>0</Always_FWD>\n", ""),
             ("do-not-disturb that stays", r" *<Enable_DND>0</Enable_DND>\n", ""),
             ("a lock", "<KeyLock_Status>0<", "<KeyLock_Status>1<")]
HTEK = [("an unknown number", "P20166>", "P20266>"),
        ("a name where it has a number", "P24012>", "RemoteControl_Sipnotify>"),
        ("a codec of no list", r"<P57>\d+<", "<P57>pcma<"),
        ("a time zone of another vendor's", "<P64>49<", "<P64>+1<"),
        ("a server path without scheme", "<P237>http://", "<P237>"),
        ("a key's type of no list", r"<P41202>\d+<", "<P41202>16<"),
        ("another account's key", "<P20203>0<", "<P20203>1<"),
        ("an account that stays", "<P24099>0<", "<P24099>1<"),
        ("an account's password that stays", r" *<P24135></P24135>\n", ""),
        ("a key that stays", r" *<P20356></P20356>\n", ""),
        ("a key's kind that stays", r" *<P41203>\d+</P41203>\n", ""),
        ("a module's key that stays", r" *<P65195>0</P65195>\n", ""),
        ("a module's second page", r" *<P60101></P60101>\n", ""),
        ("a codec that stays", r" *<P62>\d+</P62>\n", ""),
        ("a forward that stays", r" *<P53111></P53111>\n", ""),
        ("do-not-disturb that stays", r" *<DND_Enable>0</DND_Enable>\n", ""),
        ("do-not-disturb", "<DND_Enable>0<", "<DND_Enable>1<"),
        ("a lock", "<P8630>0<", "<P8630>1<"),
        ("its own star codes", "<P191>0<", "<P191>1<"),
        ("a rule of daylight saving by date", "<P23117>1<", "<P23117>0<"),
        ("a log-in that keeps its first password", r" </config>", "  <P2>abcdefgh</P2>\n  <P196>abcdefgh</P196>\n  <VarPassword>1234</VarPassword>\n </config>"),
        ("a password with signs", r" </config>", "  <P2>no&amp;good!</P2>\n </config>"),
        ("twice the same", r"( *<P194>1</P194>\n)", r"\1\1")]

CISCO = [("an unknown element", "Use_OB_Proxy_In_Dialog_1_", "Use_OB_Proxy_1_"),
         ("an unknown word", "<SIP_Transport_1_>UDP<", "<SIP_Transport_1_>udp<"),
         ("a codec of no list", "<Preferred_Codec_1_>G711a<", "<Preferred_Codec_1_>PCMA<"),
         ("a time zone of another vendor's", "<Time_Zone>GMT\\+01:00<", "<Time_Zone>+1<"),
         ("a rule of daylight saving of another vendor's", "(<Daylight_Saving_Time_Rule>)[^<]*", r"\1M3.5.0/02:00:00,M10.5.0/03:00:00"),
         ("a star code of the phone's own", "<Block_ANC_Act_Code><", "<Block_ANC_Act_Code>*77<"),
         ("a star code that stays", r" *<Block_ANC_Act_Code></Block_ANC_Act_Code>\n", ""),
         ("a codec's code that stays", r" *<Force_iLBC_Code></Force_iLBC_Code>\n", ""),
         ("a dial plan without brackets", r"<Dial_Plan_1_>\((.*)\)<", r"<Dial_Plan_1_>\1<"),
         ("a line that stays", "<Line_Enable_10_>No<", "<Line_Enable_10_>Yes<"),
         ("a password that stays", r" *<Password_7_></Password_7_>\n", ""),
         ("a key that stays", r" *<Extended_Function_10_></Extended_Function_10_>\n", ""),
         ("a key's line that stays", r" *<Extension_9_>Disabled</Extension_9_>\n", ""),
         ("a module's key that stays", r" *<Unit_2_Key_36_></Unit_2_Key_36_>\n", ""),
         ("a function of another vendor's", "fnc=sd;ext=\\*77\\*5\\*@", "fnc=speed;ext=*77*5*@"),
         ("a label that is grammar", "nme=Log out", "nme=Log;out"),
         ("a lamp that watches another", "sub=102@", "sub=103@"),
         ("pick-up by nothing", "fnc=sd\\+blf;", "fnc=sd+blf+cp;"),
         ("no line for calls", "<Extension_2_>1<", "<Extension_2_>Disabled<"),
         ("do-not-disturb that stays", r" *<DND_Setting>No</DND_Setting>\n", ""),
         ("do-not-disturb", "<DND_Setting>No<", "<DND_Setting>Yes<"),
         ("a forward that stays", r" *<Cfwd_Busy_Dest></Cfwd_Busy_Dest>\n", ""),
         ("a speed dial that stays", r" *<Speed_Dial_9_Name></Speed_Dial_9_Name>\n", ""),
         ("firmware of its own", "<Upgrade_Enable>No<", "<Upgrade_Enable>Yes<"),
         ("a second profile", "<Profile_Rule_B><", "<Profile_Rule_B>http://192.0.2.1/x.xml<"),
         ("a password of two kinds", "</flat-profile>", " <Admin_Password>abcdefgh1</Admin_Password>\n</flat-profile>"),
         ("a password that is too short", "</flat-profile>", " <Admin_Password>Abc1efg</Admin_Password>\n</flat-profile>"),
         ("twice the same", r"( *<EM_Enable>No</EM_Enable>\n)", r"\1\1")]

POLY = [("an unknown parameter", "reg.1.outboundProxy.address", "reg.1.proxy.address"),
        ("an unknown word", '(reg.1.server.1.transport=")UDPOnly', r"\1UDP"),
        ("a parameter as an element", "/>", "><lcl.ml.lang>German_Germany</lcl.ml.lang></polycomConfig>"),
        ("a language of another vendor's", '(lcl.ml.lang=")[^"]*', r"\1English"),
        ("a time zone of another vendor's", '(gmtOffset=")3600', r"\1+1"),
        ("a weekday that counts from 0", '(start.dayOfWeek=")1', r"\g<1>0"),
        ("a device parameter without its .set", r' device\.prov\.serverName\.set="1"\n', ""),
        ("device parameters without device.set", r' device\.set="1"\n', ""),
        ("what DHCP says at its next start", '(bootSrvUseOpt=")Static', r"\1CustomAndOption66"),
        ("a registration that is somebody's", r' reg\.34\.address=""\n', ""),
        ("a category of no list", '(lineKey.3.category=")BLF', r"\1Blf"),
        ("a key that nothing says of", r' lineKey\.12\.category="Unassigned"\n', ""),
        ("a lamp that isn't in the list", '(lineKey.3.index=")1', r"\g<1>7"),
        ("two keys for one lamp", '(lineKey.6.index=")2', r"\g<1>1"),
        ("a macro that dials nothing", r"\*77\*5\*\$Tinvite\$", "*77*5*"),
        ("macros that are off", '(feature.EFKLineKey.enabled=")1', r"\g<1>0"),
        ("no line for calls", '(lineKey.2.category=")Line', r"\1Unassigned"),
        ("a forward that acts", '(feature.forward.enable=")0', r"\g<1>1"),
        ("do-not-disturb that acts", '(feature.doNotDisturb.enable=")0', r"\g<1>1"),
        ("contacts that stay", '(feature.directory.enabled=")0', r"\g<1>1"),
        ("an open web page", '(httpd.enabled=")0', r"\g<1>1"),
        ("digits that fit no plan", '(dialplan.impossibleMatchHandling=")2', r"\g<1>0"),
        ("polling more often than it may", '(prov.polling.period=")3600', r"\g<1>300"),
        ("its first password", "/>", ' device.auth.localAdminPassword.set="1" device.auth.localAdminPassword="456"/>'),
        ("a password that is markup", "/>", ' device.auth.localAdminPassword.set="1" device.auth.localAdminPassword="a&lt;b"/>'),
        ("its index", r"(?s)<polycomConfig.*/>", '<APPLICATION CONFIG_FILES="x.cfg"/>')]


# Of a person with a key of every type: what the phone's keys are behind its own, and faults of theirs.
LAMPS = " blf blf blf blf"
EVERY_TYPE = {("yealink", "T46S"): ("line blf speed line dnd voicemail hold transfer forward forward" + LAMPS, [
                  ("do-not-disturb with a value", r"linekey\.6\.value = %NULL%", "linekey.6.value = 5"),
                  ("voicemail without a number", r"linekey\.7\.value = \*98", "linekey.7.value = %NULL%"),
                  ("a type of no list", r"linekey\.8\.type = 4", "linekey.8.type = 44")]),
              ("snom", "D785"): ("blf speed line dnd speed hold transfer forward forward" + LAMPS, [
                  ("an event that no key has", "keyevent F_HOLD", "keyevent F_PARK"),
                  ("an event without its word", "keyevent F_DND", "F_DND"),
                  ("a forward to a name", "redirect 0049456", "redirect Mobile")]),
              ("fanvil", "X6U"): ("blf speed line dnd voicemail hold transfer none none" + LAMPS, [
                  ("a function as a memory key", r"<Type>3(</Type>\s*<Value>F_DND)", r"<Type>1\1"),
                  ("a number as a function", r"<Type>1(</Type>\s*<Value>\*98@1/m)", r"<Type>3\1"),
                  ("a function of no list", "<Value>F_HOLD<", "<Value>F_PAUSE<")]),
              ("fanvil", "X4"): ("blf speed line none voicemail none none none none" + LAMPS, [
                  ("a function of the newer kind", r"<Type>1(</Type>\s*)<Value>\*98@1/m<", r"<Type>3\1<Value>F_DND<")]),
              ("grandstream", "GRP2614"): ("line blf speed none none speed none none none none" + LAMPS, []),
              ("htek", "UC926"): ("line blf speed line none speed hold transfer forward forward" + LAMPS, [
                  ("do-not-disturb, which nothing would end", r"<P20215>20<", "<P20215>21<"),
                  ("a hold with a value", "<P20216><", "<P20216>5<")]),
              ("cisco", "8851"): ("line blf speed line dnd voicemail none none none", [
                  ("another's mailbox", r"sub=101@\$PROXY;vid", "sub=102@$PROXY;vid"),
                  ("do-not-disturb of a line", "fnc=dnd", "fnc=dnd;vid=1"),
                  ("a function of soft keys", "fnc=dnd", "fnc=hold")]),
              ("poly", "VVX450"): ("line blf speed none speed none none none none blf blf", [])}


def read(vendor, file, memory, model=""):
    return files.read(vendor, file, memory, model)


class Grammar(unittest.TestCase):
    def attack(self, vendor, name, faults, model=""):
        whole = (GOLDEN / name).read_text()
        setup = read(vendor, whole.encode(), files.memory_of(vendor, model), model)
        self.assertEqual((setup.user, setup.keys[0].value), ("101", "*77*5*"))
        for what, pattern, other in faults:
            with self.subTest(what):
                broken, count = re.subn(pattern, other, whole)
                self.assertGreater(count, 0, "nothing to break")
                with self.assertRaises((AssertionError, KeyError)):
                    read(vendor, broken.encode(), files.memory_of(vendor, model), model)

    def test_a_grandstream_takes_no_fault(self):
        self.attack("grandstream", "grandstream_GRP2614_occupied.txt", GRANDSTREAM, "GRP2614")

    def test_a_grandstream_with_boards_takes_no_fault(self):
        self.attack("grandstream", "grandstream_GXP2170_board.txt", GRANDSTREAM_BOARD, "GXP2170")
        memory = files.memory_of("grandstream", "GXP2170")
        read("grandstream", (GOLDEN / "grandstream_GXP2170_board.txt").read_bytes(), memory, "GXP2170")
        shown = grandstream.board(memory, "GXP2170")
        self.assertEqual(shown[:3], [("blf", "301", "Eva"), ("none", "", ""), ("speed", "0049", "Taxi")])
        self.assertEqual(set(shown[3:]), {("none", "", "")})

    def test_a_snom_takes_no_fault(self):
        self.attack("snom", "snom_occupied.txt", SNOM)

    def test_a_yealink_takes_no_fault(self):
        self.attack("yealink", "yealink_T46S_occupied.txt", YEALINK)

    def test_a_fanvil_takes_no_fault(self):
        self.attack("fanvil", "fanvil_X6U_occupied.txt", FANVIL, "X6U")

    def test_a_fanvil_of_the_older_kind_takes_no_fault(self):
        self.attack("fanvil", "fanvil_X4_occupied.txt", FANVIL_X4, "X4")

    def test_an_htek_takes_no_fault(self):
        self.attack("htek", "htek_UC926_occupied.txt", HTEK)

    def test_a_cisco_takes_no_fault(self):
        self.attack("cisco", "cisco_8851_occupied.txt", CISCO)

    def test_a_poly_takes_no_fault(self):
        self.attack("poly", "poly_occupied.txt", POLY)

    def test_a_key_of_every_type_is_what_the_phone_takes_it_for(self):
        for (vendor, model), (kinds, faults) in EVERY_TYPE.items():
            with self.subTest(vendor, model=model):
                name = f"{vendor}_{model}_keys.txt"
                setup = read(vendor, (GOLDEN / name).read_bytes(), files.memory_of(vendor, model), model)
                shown = [key.kind for key in setup.keys[1:]]
                self.assertEqual(" ".join(shown[:len(kinds.split())]), kinds)
                self.assertEqual(set(shown[len(kinds.split()):]) - {"none"}, set())
                self.attack(vendor, name, faults, model)

    def test_what_a_person_has_switched_on_is_theirs_alone(self):
        for vendor, model, name in (("yealink", "", "yealink_T46S"), ("snom", "", "snom"), ("fanvil", "X6U", "fanvil_X6U"), ("fanvil", "X4", "fanvil_X4"),
                                    ("htek", "", "htek_UC926"), ("cisco", "", "cisco_8851"), ("grandstream", "GRP2614", "grandstream_GRP2614")):
            with self.subTest(vendor, model=model):
                file, memory = (GOLDEN / f"{name}_occupied.txt").read_bytes(), files.memory_of(vendor, model)
                read(vendor, file, memory, model)
                self.assertEqual(files.switched_on(vendor, model, memory), [])
                files.switch_on(vendor, model, memory)
                self.assertTrue(files.switched_on(vendor, model, memory))
                read(vendor, file.replace(b"s-4f2a", b"s-0b0b"), memory, model)      # the next login's
                self.assertEqual(files.switched_on(vendor, model, memory), [])

    def test_a_phone_keeps_what_a_redirection_does_not_name(self):
        memory = files.memory_of("grandstream", "GRP2614")
        read("grandstream", (GOLDEN / "grandstream_GRP2614_occupied.txt").read_bytes(), memory, "GRP2614")
        setup = read("grandstream", b'<gs_provision version="1"><config version="1"><P212>1</P212><P237>192.0.2.1/p/T</P237></config></gs_provision>', memory, "GRP2614")
        self.assertEqual((setup.provisioning_url, setup.user), ("http://192.0.2.1/p/T", ""))
        self.assertEqual(memory["account.1.sip.userid"], "101")


if __name__ == "__main__":
    unittest.main()
