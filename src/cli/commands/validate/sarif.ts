import { FINDINGS, type FindingId } from "../../../access/findings/catalog.ts";
import type { PlacedFinding } from "./placed.ts";

const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

/** Findings as SARIF 2.1.0, which code scanning of GitHub and GitLab reads. `version` is that of the program. */
export function sarifText(findings: readonly PlacedFinding[], version: string): string {
  const ids = Object.keys(FINDINGS) as readonly FindingId[];
  const driver = { name: "countersign", version, rules: ids.map(rule) };
  const results = findings.map((finding) => ({
    ruleId: finding.id,
    ruleIndex: ids.indexOf(finding.id),
    level: finding.severity,
    message: { text: finding.object === "" ? finding.message : `${finding.object}: ${finding.message}` },
    locations: [location(finding)],
  }));
  const run = { tool: { driver }, columnKind: "utf16CodeUnits", results };
  return `${JSON.stringify({ $schema: SCHEMA, version: "2.1.0", runs: [run] }, undefined, 2)}\n`;
}

function rule(id: FindingId) {
  const { severity, title } = FINDINGS[id];
  return {
    id,
    name: id,
    shortDescription: { text: title },
    help: { text: `docs/reference/validate.md, section ${id}` },
    defaultConfiguration: { level: severity },
  };
}

function location({ file, line, column, object, field }: PlacedFinding) {
  const name = [object, field].filter((part) => part !== "").join(": ");
  return {
    physicalLocation: {
      artifactLocation: { uri: encodeURI(file.replaceAll("\\", "/")) },
      region: { startLine: line, startColumn: column },
    },
    ...(name === "" ? {} : { logicalLocations: [{ fullyQualifiedName: name }] }),
  };
}
