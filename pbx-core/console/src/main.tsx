import { render } from "preact";
import { App } from "./shell/App";
import { preferredLanguage, speak } from "./i18n";
import { begin, keepPageWhile } from "./live/session";
import { isAnythingHeld, watchLeaving } from "./parts/leaving";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";
import "./styles/forms.css";
import "./styles/dialogs.css";
import "./styles/table.css";
import "./styles/shell.css";

watchLeaving();
keepPageWhile(isAnythingHeld);
await Promise.all([speak(preferredLanguage()), begin()]);
render(<App />, document.getElementById("app")!);
