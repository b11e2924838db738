import { Command, InvalidArgumentError, Option } from "commander";
import { classOption, clusterOptions, systemNamespaceOption } from "../../shared/flags/clusterFlags.ts";
import { lastUseOptions } from "../../shared/flags/lastUseFlags.ts";
import { needs } from "../../shared/flags/needs.ts";
import { durationOption, logOption, metricsOption } from "../../shared/flags/optionValues.ts";
import { runOperator } from "./runOperator.ts";

/** `countersign operator`: reconciles the three kinds into Secrets. One of several processes leads, the others wait. */
export function operatorCommand(): Command {
  const command = new Command("operator")
    .summary("turn Applications, ApiGrants and ApiDomains into Secrets")
    .description(
      "Reconciles Applications, ApiGrants and ApiDomains of a cluster into credentials Secrets and projections, and waits for the verifiers to apply them. Several may run: one leads, the others wait for its Lease.",
    );
  for (const option of [
    metricsOption("0.0.0.0"),
    logOption("info"),
    ...clusterOptions(),
    systemNamespaceOption(),
    classOption(),
    ...lastUseOptions(),
  ])
    command.addOption(option);
  return needs(command, { unusedAfter: ["lastUse"] })
    .addOption(
      new Option(
        "--workers <n>",
        "how many objects are reconciled concurrently at most; starts at 8 and adapts to the load of the API server",
      )
        .argParser(workers)
        .default(32),
    )
    .addOption(
      durationOption(
        "--leader-lease <duration>",
        "how long after a leader has stopped without releasing its Lease another one takes over",
        "15s",
      ),
    )
    .option(
      "--restore",
      "after a disaster: objects that are created again get the ids and keys of the former objects of the same name (docs/disaster-recovery.md)",
    )
    .addHelpText(
      "after",
      "\nIts RBAC rules are in manifests/rights, a complete installation in helm/countersign:\n  $ kubectl apply --server-side -k manifests/rights\n",
    )
    .action(runOperator);
}

function workers(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 256)
    throw new InvalidArgumentError("Write a number from 1 to 256.");
  return value;
}
