import { Command, InvalidArgumentError, Option } from "commander";
import { classOption, clusterOptions, systemNamespaceOption } from "../../shared/flags/clusterFlags.ts";
import { durationOption, logOption, metricsOption } from "../../shared/flags/optionValues.ts";
import { runOperator } from "./runOperator.ts";

/** `countersign operator`: turns the three kinds into Secrets; of several processes one works, the others wait. */
export function operatorCommand(): Command {
  const command = new Command("operator")
    .summary("turn Applications, ApiGrants and ApiDomains into Secrets")
    .description(
      "Reconciles Applications, ApiGrants and ApiDomains of a cluster into credentials Secrets and projections, and waits for the verifiers to apply them. Run as many as you like: one leads, the others wait for its Lease.",
    );
  for (const option of [
    metricsOption("0.0.0.0"),
    logOption("info"),
    ...clusterOptions(),
    systemNamespaceOption(),
    classOption(),
  ])
    command.addOption(option);
  return command
    .addOption(
      new Option("--workers <n>", "how many objects are worked on at a time").argParser(workers).default(8),
    )
    .addOption(
      durationOption(
        "--leader-lease <duration>",
        "how long after a leader's death another one takes over",
        "15s",
      ),
    )
    .option(
      "--restore",
      "after a disaster: let objects that are created again adopt their namesakes' ids and keys (docs/disaster-recovery.md)",
    )
    .addHelpText(
      "after",
      "\nIts rights are in manifests/rights, a whole installation in helm/countersign:\n  $ kubectl apply --server-side -k manifests/rights\n",
    )
    .action(runOperator);
}

function workers(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 256)
    throw new InvalidArgumentError("Write a number from 1 to 256.");
  return value;
}
