const FORM = /^[ \t]*application\/x-www-form-urlencoded[ \t]*(;|$)/i;

/** Whether a Content-Type declares a form, whatever its parameters. */
export function isForm(contentType: string): boolean {
  return contentType !== "" && FORM.test(contentType);
}
