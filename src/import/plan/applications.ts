import type { Finding } from "../finding.ts";
import { applicationText } from "../tenant/applications.ts";
import type { VendorApplication } from "../tenant/model.ts";
import { nameOf, shortened } from "./names.ts";
import type { WrittenApplication } from "./objects.ts";

const MAX_DISPLAY_NAME = 63;
const MAX_DESCRIPTION = 1_024;

/** The name of an application's Application. */
export function applicationName({ name, id }: Pick<VendorApplication, "name" | "id">): string {
  return nameOf(name, id, "application");
}

/** The Applications, and what had to be shortened or is weak. */
export function planApplications(
  applications: Iterable<VendorApplication>,
  findings: Finding[],
): readonly WrittenApplication[] {
  return [...applications].map((application) => {
    const { id, name, description, pair } = application;
    const subject = applicationText(application);
    const [displayName, about] = [shortened(name, MAX_DISPLAY_NAME), shortened(description, MAX_DESCRIPTION)];
    const note = (code: "Shortened" | "KeyShort", text: string) =>
      findings.push({ level: "note", code, subject, text, from: [] });
    if (displayName !== name)
      note("Shortened", `displayName has the first ${MAX_DISPLAY_NAME - 1} characters of the name`);
    if (about !== description)
      note("Shortened", `description has its first ${MAX_DESCRIPTION - 1} characters`);
    if (pair?.isShort)
      note(
        "KeyShort",
        "its ApiAppSecret has fewer than 16 characters: allowShortSecret admits it, rotate it soon",
      );
    return {
      name: applicationName(application),
      vendorId: id,
      displayName,
      description: about,
      secretName: `${nameOf(name, id, "application", 56)}-vendor`,
      pair,
      allowsShortSecret: pair?.isShort ?? false,
    };
  });
}
