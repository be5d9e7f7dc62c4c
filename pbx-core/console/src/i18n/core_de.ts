// What the core says, in German; it speaks English itself. {a} stands for what it names, {field} for a member's name.
// A sentence that isn't here stays English, and is marked as such.
export const sentences: readonly (readonly [string, string])[] = [
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
  ["{field} has a value that can't be: {a}", "{field}: {a}"],
  ['"{a}" is an emergency number; choose another number', "„{a}“ ist eine Notrufnummer; eine andere Nummer wählen"],
  [
    "Only an administrator may change somebody else, or a role",
    "Nur ein Administrator darf andere oder eine Rolle ändern",
  ],
];
