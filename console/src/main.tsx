import { render } from "preact";
import { App } from "./app.tsx";
import "./style/base.css";
import "./style/shell.css";
import "./style/parts.css";
import { Settings } from "./settings.tsx";

const root = document.getElementById("app");
if (root)
  render(
    <Settings>
      <App />
    </Settings>,
    root,
  );
