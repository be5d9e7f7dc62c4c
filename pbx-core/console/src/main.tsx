import { render } from "preact";
import { App } from "./shell/App";
import { preferredLanguage, speak } from "./i18n";
import { begin } from "./live/session";
import { watchLeaving } from "./parts/leaving";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";
import "./styles/forms.css";
import "./styles/dialogs.css";
import "./styles/table.css";
import "./styles/shell.css";

watchLeaving();
await Promise.all([speak(preferredLanguage()), begin()]);
render(<App />, document.getElementById("app")!);
