import type { FastifyInstance } from "fastify";

const STYLE = `
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; background: #f3f5f7; color: #16202a }
main { max-width: 28rem; margin: 10vh auto; padding: 1.5rem; background: #fff; border-radius: .75rem }
h1 { font-size: 1.25rem; margin: 0 0 .5rem } p { margin: .5rem 0 }
button { width: 100%; min-height: 3rem; margin-top: 1rem; font: inherit; font-weight: 600; color: #fff; background: #0b5cad; border: 0; border-radius: .5rem }
button.second { color: inherit; background: none; border: 1px solid currentColor }
button:focus-visible { outline: 3px solid #7fb8f0; outline-offset: 2px }
@media (prefers-color-scheme: dark) { body { background: #10161c; color: #e6edf3 } main { background: #1a232c } }`;

/** Without script, so that it works in whatever a mail programme opens. Its parts are HTML already. */
export const plainPage = ({
  language,
  title,
  parts,
}: {
  readonly language: string;
  readonly title: string;
  readonly parts: readonly string[];
}): string => `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><link rel="icon" type="image/svg+xml" href="/favicon.svg">
<style>${STYLE}</style></head>
<body><main>${parts.join("\n")}</main></body></html>`;

export const languageOf = (accepted: string | undefined): "en" | "zh-CN" =>
  accepted?.trim().toLowerCase().startsWith("zh") === true ? "zh-CN" : "en";

/**
 * Their buttons post a form; what a browser sends of it says nothing. Without a referrer it would call the form's origin
 * "null", and who is signed in, too, would be taken for somebody on another site.
 */
export function takesFormsWithoutFields(
  app: Pick<FastifyInstance, "addContentTypeParser" | "addHook">,
): void {
  app.addHook("onRequest", async (_request, reply) => {
    reply.header("referrer-policy", "same-origin");
  });
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    (_request, _body, done) => {
      done(null, undefined);
    },
  );
}
