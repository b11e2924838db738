import type { MetaView } from "../../src/console/server/apiRoutes.ts";
import { LiveUpdates, useData, useLive } from "./api.tsx";
import { Applications } from "./pages/applications.tsx";
import { Overview } from "./pages/overview.tsx";
import { Notice } from "./parts/notice.tsx";
import { usePath } from "./router.tsx";
import { useText } from "./settings.tsx";
import { Shell } from "./shell.tsx";

/** The console. */
export function App() {
  return (
    <LiveUpdates>
      <Frame />
    </LiveUpdates>
  );
}

function Frame() {
  const { data: meta } = useData<MetaView>("/api/meta");
  const { isLost } = useLive();
  const t = useText();
  return (
    <Shell meta={meta}>
      {isLost && <Notice kind="error">{t("live.lost")}</Notice>}
      <Page />
    </Shell>
  );
}

function Page() {
  const [, page = ""] = usePath().split("/");
  switch (page) {
    case "":
      return <Overview />;
    case "applications":
      return <Applications />;
    default:
      return <Missing />;
  }
}

function Missing() {
  const t = useText();
  return <Notice kind="note">{t("page.missing")}</Notice>;
}
