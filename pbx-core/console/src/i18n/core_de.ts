// What the core says, in German; it speaks English itself. {a} stands for what it names, {field} for a member's name.
// A sentence that isn't here stays English, and is marked as such.
export const sentences: readonly (readonly [string, string])[] = [
  [
    "The SFTP server is being asked something already; try again in a moment",
    "Der SFTP-Server wird gerade schon gefragt; gleich noch einmal versuchen",
  ],
  [
    "host_key is missing; expected the SHA-256 of the server's key: a try shows it",
    "Der Schlüssel des Servers fehlt (SHA-256); ein Versuch zeigt ihn",
  ],
  [
    "password expected a password or a private key, one of them",
    "Ein Passwort oder ein privater Schlüssel wird erwartet, eins von beiden",
  ],
  [
    "private_key has a passphrase; expected a key of its own without one (ssh-keygen -N '')",
    "Der Schlüssel hat eine Passphrase; erwartet wird ein eigener ohne (ssh-keygen -N '')",
  ],
  [
    "private_key isn't a private key; expected the file that ssh-keygen wrote, not its .pub",
    "Das ist kein privater Schlüssel; erwartet wird die Datei, die ssh-keygen geschrieben hat, nicht ihr .pub",
  ],
  [
    "host expected a server's name or address, as backup.example.com",
    "Name oder Adresse eines Servers wird erwartet, wie backup.example.com",
  ],
  [
    "there is no room for a backup in {a}: {b} MB are needed, {c} MB are free",
    "für eine Sicherung in {a} ist kein Platz: {b} MB werden gebraucht, {c} MB sind frei",
  ],
  ["{a} MB are needed, {b} MB are free", "{a} MB werden gebraucht, {b} MB sind frei"],
  ["{a} % ({b} MB) free", "{a} % ({b} MB) frei"],
  ["{a} days old", "{a} Tage alt"],
  ["none for {a} days", "seit {a} Tagen keine"],
  ["in {a} days", "in {a} Tagen"],
  ["it has ended", "abgelaufen"],
  ["It can't be restored: {a}", "Sie kann nicht wiederhergestellt werden: {a}"],
  ["Nothing was restored: {a}", "Nichts wurde wiederhergestellt: {a}"],
  [
    "Another restore is being made ready; try again in a moment",
    "Eine andere Wiederherstellung wird gerade vorbereitet; gleich noch einmal versuchen",
  ],
  [
    "This backup isn't ready to be restored any more; look at it again",
    "Diese Sicherung liegt nicht mehr bereit; sie muss noch einmal angesehen werden",
  ],
  ["There is an extension {a} already", "Die Nebenstelle {a} gibt es schon"],
  [
    "The extension {a} is there already; another number, or PATCH, is expected",
    "Die Nebenstelle {a} gibt es schon; eine andere Nummer wird erwartet",
  ],
  ["There is no extension {a}", "Eine Nebenstelle {a} gibt es nicht"],
  ["There is no extension {a}; nothing was changed", "Eine Nebenstelle {a} gibt es nicht; nichts wurde geändert"],
  [
    "Extension {a} is not authorised for hot desking; set hot_desking first",
    "Nebenstelle {a} darf sich nicht an Hot Desks anmelden; das muss zuerst erlaubt werden",
  ],
  [
    "Extension {a}'s logins are locked; unlock it first",
    "Die Anmeldungen von Nebenstelle {a} sind gesperrt; die Sperre muss zuerst aufgehoben werden",
  ],
  [
    "Extension {a} is logged in at another desk, and the policy is refuse",
    "Nebenstelle {a} ist an einem anderen Hot Desk angemeldet, und eine zweite Anmeldung ist nicht erlaubt",
  ],
  [
    "The extension {a} is told of calls for help at the location {b}; change the location first",
    "Nebenstelle {a} erfährt von Notrufen am Ort {b}; zuerst muss der Ort geändert werden",
  ],
  [
    "It is called at {a}; give these inbound numbers to another extension, or delete them, first",
    "Sie wird unter {a} angerufen; diese Rufnummern müssen zuerst einer anderen Nebenstelle gehören oder gelöscht werden",
  ],
  [
    "The extension {a} is in the way of these codes and emergency numbers; choose others, or delete the extension first",
    "Die Nebenstelle {a} steht diesen Codes und Notrufnummern im Weg; andere wählen oder die Nebenstelle zuerst löschen",
  ],
  ["Nobody is logged in at this desk", "An diesem Hot Desk ist niemand angemeldet"],
  ["No hot desk has this MAC", "Kein Hot Desk hat diese MAC"],
  ["This MAC is the hot desk {a} already", "Diese MAC ist schon das Hot Desk {a}"],
  [
    "This MAC is the own phone of extension {a}; forget it first",
    "Diese MAC ist das eigene Telefon von Nebenstelle {a}; es muss zuerst vergessen werden",
  ],
  [
    "There is no SBC {a}; create it first, or use the method local",
    "Einen SBC {a} gibt es nicht; er muss zuerst hinzugefügt werden",
  ],
  ["There is no SBC {a}", "Einen SBC {a} gibt es nicht"],
  [
    "The SBC {a} isn't connected; it can be asked when it is back",
    "Der SBC {a} ist nicht verbunden; er kann gefragt werden, wenn er wieder da ist",
  ],
  [
    "The SBC {a} is too old for this ({b}); update it first, then ask again",
    "Der SBC {a} ist dafür zu alt ({b}); er muss zuerst aktualisiert werden",
  ],
  [
    "The branch has calls, which would end; wait, or say during_calls",
    "Die Außenstelle hat Gespräche, die enden würden; abwarten, oder auch während Gesprächen erlauben",
  ],
  ["The SBC hasn't answered", "Der SBC hat nicht geantwortet"],
  [
    "The SBC hasn't answered; whether it restarts isn't known",
    "Der SBC hat nicht geantwortet; ob er neu startet, ist nicht bekannt",
  ],
  ["The SBC refuses: the branch has calls", "Der SBC lehnt ab: die Außenstelle hat Gespräche"],
  [
    "The SBC refuses: the program wasn't started by systemd: nothing would start it again",
    "Der SBC lehnt ab: Das Programm wurde nicht von systemd gestartet; niemand würde es wieder starten",
  ],
  [
    "The SBC refuses: the SBC wasn't installed by a package that may restart its machine",
    "Der SBC lehnt ab: Er wurde nicht aus einem Paket installiert, das seinen Rechner neu starten darf",
  ],
  [
    "The SBC refuses: it was restarted four times within an hour",
    "Der SBC lehnt ab: Er wurde in einer Stunde schon viermal neu gestartet",
  ],
  ["The SBC refuses: {a}", "Der SBC lehnt ab: {a}"],
  [
    "It has been asked six times within a minute; wait a little",
    "Er wurde in einer Minute sechsmal gefragt; kurz warten",
  ],
  [
    "It is being asked already; try again when that answer is there",
    "Er wird gerade schon gefragt; wieder versuchen, wenn die Antwort da ist",
  ],
  ["The SBC went away before it had answered", "Der SBC war weg, bevor er geantwortet hatte"],
  [
    "The hot desk {a} lives there; delete it or move it first",
    "Das Hot Desk {a} steht dort; es muss zuerst gelöscht oder verlegt werden",
  ],
  [
    "The trunk {a} stands there; delete it or move it first",
    "Der Trunk {a} steht dort; er muss zuerst gelöscht oder verlegt werden",
  ],
  [
    'The outbound rule "{a}" is for it; change or delete it first',
    "Die Regel nach außen „{a}“ ist dafür; sie muss zuerst geändert oder gelöscht werden",
  ],
  ["No phone with this MAC has been seen", "Ein Telefon mit dieser MAC wurde nicht gesehen"],
  [
    "This phone is not assigned; assign it first",
    "Dieses Telefon ist nicht zugewiesen; es muss zuerst zugewiesen werden",
  ],
  [
    "This phone isn't registered: it can't be told",
    "Dieses Telefon ist nicht registriert: es kann nicht erreicht werden",
  ],
  [
    "{a} phones can't be told to restart; they restart by themselves where what they fetch needs it",
    "Telefone von {a} können nicht neu gestartet werden; sie tun es von selbst, wo ihre Konfiguration es braucht",
  ],
  ["This phone is not assigned", "Dieses Telefon ist nicht zugewiesen"],
  [
    "This phone is a hot desk's; its location and srtp are set at the hot desk",
    "Dieses Telefon gehört zu einem Hot Desk; Ort und Verschlüsselung werden dort eingestellt",
  ],
  [
    "It could not be stored; nothing was changed. See the core's log",
    "Es konnte nicht gespeichert werden; nichts wurde geändert. Näheres steht im Log des Servers",
  ],
  ["The login could not be stored; try again", "Die Anmeldung konnte nicht gespeichert werden; bitte noch einmal"],
  [
    "This has been changed since you read it; nothing was stored. Read it again, and send with its new ETag",
    "Das wurde geändert, seit Sie es gelesen haben; nichts wurde gespeichert",
  ],
  [
    "Since you read the list these have been changed: {a}; nothing was stored. Read it again, and send the new versions",
    "Seit die Liste gelesen wurde, wurde das geändert: {a}; nichts wurde gespeichert",
  ],
  [
    "The sheet wouldn't do any more what the dry run has said; nothing was done. Look at a new dry run, and send with its ETag",
    "Die Datei würde nicht mehr tun, was die Vorschau gesagt hat; nichts wurde getan",
  ],
  [
    "Somebody else has changed this since the import began; it was left as it is",
    "Das hat jemand anderes geändert, seit der Import begann; es blieb, wie es ist",
  ],
  [
    "was changed since the sheet was made; take a new export, or leave its version out",
    "wurde geändert, seit die Datei gemacht wurde; neu exportieren, oder die Version weglassen",
  ],
  [
    "was deleted since the sheet was made; without its version it is made anew",
    "wurde gelöscht, seit die Datei gemacht wurde; ohne Version wird es neu angelegt",
  ],
  ["This was deleted in the meantime", "Das wurde inzwischen gelöscht"],
  [
    "This is the last administrator; another one has to be there first",
    "Das ist der letzte Administrator; zuerst muss es einen anderen geben",
  ],
  ["An import is running; wait for its end, or cancel it", "Ein Import läuft; bitte warten, oder ihn abbrechen"],
  [
    "{a} of {b} rows can't be imported; nothing was changed",
    "{a} von {b} Zeilen können nicht importiert werden; nichts wurde geändert",
  ],
  [
    "Something was changed at the same moment; try again",
    "Im selben Augenblick wurde etwas geändert; bitte noch einmal",
  ],
  ["Several devices say that they are this phone: {a}", "Mehrere Geräte geben sich als dieses Telefon aus: {a}"],
  [
    "{field} is not an extension's number; 1 to 15 digits are expected, like {a}",
    "{field}: das ist keine Nebenstelle; 1 bis 15 Ziffern werden erwartet, etwa {a}",
  ],
  ["{field} is not a PIN; 4 to 10 digits are expected", "{field}: 4 bis 10 Ziffern werden erwartet"],
  [
    "{field} is the extension's own number; another PIN is expected",
    "{field}: das ist die eigene Nummer; eine andere PIN wird erwartet",
  ],
  [
    "{field} is too easily guessed; no run (1234), no repetition (0000, 1212) is expected",
    "{field}: das ist zu leicht zu raten; keine Folge (1234) und keine Wiederholung (0000, 1212)",
  ],
  [
    "{field} is too short or too long; 10 to 128 characters are expected",
    "{field}: 10 bis 128 Zeichen werden erwartet",
  ],
  [
    "{field} is the user's name; another password is expected",
    "{field}: das ist der Benutzername; ein anderes Passwort wird erwartet",
  ],
  [
    "{field} is one character over and over; another password is expected",
    "{field}: das ist immer dasselbe Zeichen; ein anderes Passwort wird erwartet",
  ],
  [
    "{field} is not a time zone; a name of the IANA database is expected, like {a}",
    "{field}: das ist keine Zeitzone; ein Name wie {a} wird erwartet",
  ],
  ["{field} has control characters; plain text is expected", "{field}: Steuerzeichen sind nicht möglich"],
  ["{field} is in line {a} already; each number once is expected", "{field}: steht schon in Zeile {a}"],
  ["{field} is in line {a} already; each once is expected", "{field}: steht schon in Zeile {a}"],
  [
    "{field} is neither true nor false; true or false is expected",
    "{field}: weder ja noch nein; ja oder nein wird erwartet",
  ],
  ['{field} is unknown; "local" or an SBC\'s name is expected', "{field}: unbekannt; local oder der Name eines SBC"],
  ["{field} is unknown", "{field}: unbekannt"],
  ["{field} is an unknown vendor; expected one of {a}", "{field}: unbekannter Hersteller; möglich sind {a}"],
  [
    "{field} is an unknown model of this vendor; expected one of {a}",
    "{field}: unbekanntes Modell dieses Herstellers; möglich sind {a}",
  ],
  [
    "{field} is not an IPv4 address; one like {a} is expected",
    "{field}: das ist keine IPv4-Adresse; eine wie {a} wird erwartet",
  ],
  ["There is no alarm {a}", "Einen Alarm {a} gibt es nicht"],
  ["{a} has acknowledged it already, at {b}", "{a} hat ihn schon zur Kenntnis genommen, um {b}"],
  ["There is no receiver of alarms {a}", "Einen Empfänger {a} gibt es nicht"],
  [
    "The receiver of alarms {a} is there already; another name, or PATCH, is expected",
    "Den Empfänger {a} gibt es schon; ein anderer Name wird erwartet",
  ],
  [
    "The receiver of alarms {a} was changed at the same moment; try again",
    "Der Empfänger {a} wurde im selben Augenblick geändert; noch einmal versuchen",
  ],
  [
    '{field} is not a receiver\'s name; expected 1 to 40 of a-z, 0-9 and "-"',
    "{field}: 1 bis 40 Zeichen aus a-z, 0-9 und „-“ werden erwartet",
  ],
  [
    "{field} isn't an address; expected one like {a}",
    "{field}: das ist keine E-Mail-Adresse; eine wie {a} wird erwartet",
  ],
  [
    "{field} isn't a URL; expected an https URL, like {a} (http to 127.0.0.1 alone)",
    "{field}: das ist keine URL; eine mit https wie {a} wird erwartet (http nur zu 127.0.0.1)",
  ],
  [
    '{field} isn\'t a syslog server; expected "local", or udp, tcp or tls with a host and a port, like {a}',
    "{field}: das ist kein Syslog-Server; local oder udp, tcp oder tls mit Host und Port wie {a} wird erwartet",
  ],
  [
    "{field} is missing, too short or too long; a web hook's messages are signed with 16 to 200 characters",
    "{field}: fehlt, ist zu kurz oder zu lang; unterschrieben wird mit 16 bis 200 Zeichen",
  ],
  ["{field} has a value that can't be: {a}", "{field}: {a}"],
  ['"{a}" is an emergency number; choose another number', "„{a}“ ist eine Notrufnummer; eine andere Nummer wählen"],
  [
    "Only an administrator may change somebody else, or a role",
    "Nur ein Administrator darf andere oder eine Rolle ändern",
  ],
  // What a model can't do (config/models).
  [
    "That it takes check-sync without a reboot isn't proven on hardware: a login may restart it",
    "Dass es check-sync ohne Neustart annimmt, ist an keinem Gerät bewiesen: eine Anmeldung startet es vielleicht neu.",
  ],
  [
    "That it takes check-sync without a reboot isn't proven on hardware",
    "Dass es check-sync ohne Neustart annimmt, ist an keinem Gerät bewiesen.",
  ],
  [
    "That it takes resync without a reboot isn't proven on hardware",
    "Dass es resync ohne Neustart annimmt, ist an keinem Gerät bewiesen.",
  ],
  [
    "That it takes our certificate for HTTPS isn't proven on hardware",
    "Dass es unser Zertifikat für HTTPS annimmt, ist an keinem Gerät bewiesen.",
  ],
  [
    "Nothing clears its call log from afar; on hot desks it keeps none",
    "Seine Anrufliste lässt sich nicht aus der Ferne löschen; an Hot Desks führt es keine.",
  ],
  [
    "Its own contacts, wallpaper and ring tone stay until a person clears them at the phone",
    "Eigene Kontakte, Hintergrundbild und Klingelton bleiben, bis sie jemand am Telefon löscht.",
  ],
  [
    "It is provisioned over HTTP, whatever is set: it can't be told to trust our certificate",
    "Es wird über HTTP eingerichtet, was auch eingestellt ist: unser Zertifikat kann ihm nicht mitgeteilt werden.",
  ],
  [
    "No programmable keys are used: people dial *77*",
    "Programmierbare Tasten werden nicht benutzt: gewählt wird *77*.",
  ],
  ["No programmable keys: people dial *77*", "Keine programmierbaren Tasten: gewählt wird *77*."],
  [
    "Its programmable keys aren't known to us: people dial *77*",
    "Seine programmierbaren Tasten kennen wir nicht: gewählt wird *77*.",
  ],
  [
    "A phone for meetings, without programmable keys: people dial *77*",
    "Ein Telefon für Besprechungen, ohne programmierbare Tasten: gewählt wird *77*.",
  ],
  [
    "How many keys it has beside the screen isn't known to us: one is used, the others are cleared",
    "Wie viele Tasten es neben dem Bildschirm hat, wissen wir nicht: eine wird benutzt, die anderen werden geleert.",
  ],
  [
    "It asks for its SIP password before it takes a NOTIFY (answered)",
    "Es fragt nach seinem SIP-Passwort, bevor es ein NOTIFY annimmt (wird beantwortet).",
  ],
  [
    "Two keys are used: how many more it has isn't known",
    "Zwei Tasten werden benutzt: wie viele es noch hat, wissen wir nicht.",
  ],
  [
    "Three keys are used: how many more it has isn't known",
    "Drei Tasten werden benutzt: wie viele es noch hat, wissen wir nicht.",
  ],
  [
    "Four keys are used: how many more it has isn't known",
    "Vier Tasten werden benutzt: wie viele es noch hat, wissen wir nicht.",
  ],
  [
    "Twelve virtual keys are used: how many more it has isn't known",
    "Zwölf virtuelle Tasten werden benutzt: wie viele es noch hat, wissen wir nicht.",
  ],
  ["Its keys have no lamps for people", "Seine Tasten haben keine Lampen für Personen."],
  [
    "Its three line keys have no lamps for people; the eight beside them have",
    "Seine drei Leitungstasten haben keine Lampen für Personen; die acht daneben haben welche.",
  ],
  [
    "Its language is set at the phone: the vendor's numbers for languages aren't known to us",
    "Die Sprache wird am Telefon eingestellt: die Nummern des Herstellers für Sprachen kennen wir nicht.",
  ],
  [
    "Its call log and contacts are not cleared at logout",
    "Anrufliste und Kontakte werden beim Abmelden nicht gelöscht.",
  ],
  ["Its call log is not cleared at logout", "Die Anrufliste wird beim Abmelden nicht gelöscht."],
  ["Old firmware: a login may reboot it", "Alte Firmware: eine Anmeldung startet es vielleicht neu."],
  [
    "A wallpaper that a person has loaded stays until it is deleted at the phone",
    "Ein Hintergrundbild, das jemand geladen hat, bleibt, bis es am Telefon gelöscht wird.",
  ],
  [
    "An unknown model: two keys are used, the others keep what they had",
    "Ein unbekanntes Modell: zwei Tasten werden benutzt, die anderen behalten, was sie hatten.",
  ],
  [
    "An unknown model: four keys are used, the others keep what they had",
    "Ein unbekanntes Modell: vier Tasten werden benutzt, die anderen behalten, was sie hatten.",
  ],
];
