import type { MetaView } from "../../src/console/server/apiRoutes.ts";
import { LiveUpdates, useData, useLive } from "./api.tsx";
import { AccessPage } from "./pages/access.tsx";
import { ApiPage, Apis } from "./pages/apis.tsx";
import { ApplicationPage } from "./pages/application.tsx";
import { Applications } from "./pages/applications.tsx";
import { Denials } from "./pages/denials.tsx";
import { DomainPage, Domains } from "./pages/domains.tsx";
import { ExplainPage } from "./pages/explain.tsx";
import { GrantPage, Grants } from "./pages/grants.tsx";
import { Overview } from "./pages/overview.tsx";
import { Actions } from "./parts/action.tsx";
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
      <Actions key={usePath()}>
        <Page />
      </Actions>
    </Shell>
  );
}

function Page() {
  const [, page = "", ...rest] = usePath().split("/");
  const [first = "", second = ""] = rest.map(decodeURIComponent);
  const isList = first === "";
  switch (page) {
    case "":
      return <Overview />;
    case "applications":
      return isList ? <Applications /> : <ApplicationPage namespace={first} name={second} />;
    case "apis":
      return isList ? <Apis /> : <ApiPage namespace={first} name={second} />;
    case "grants":
      return isList ? <Grants /> : <GrantPage namespace={first} name={second} />;
    case "domains":
      return isList ? <Domains /> : <DomainPage name={first} />;
    case "access":
      return <AccessPage />;
    case "denials":
      return <Denials />;
    case "explain":
      return <ExplainPage />;
    default:
      return <Missing />;
  }
}

function Missing() {
  const t = useText();
  return <Notice kind="note">{t("page.missing")}</Notice>;
}
