/** Printed as RFC 9421, section 2.2.8 asks: as in a form, but with `%20` for a blank. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(/[!'()~]/g, escaped);
}

function escaped(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** The values of the query parameter that the parameter `name` of `@query-param` names, each as the signature base has it. */
export function queryParameterValues(query: string, name: string): readonly string[] {
  const parameters = new URLSearchParams(Buffer.from(query, "latin1").toString("utf8"));
  return [...parameters].filter(([one]) => encoded(one) === name).map(([, value]) => encoded(value));
}
