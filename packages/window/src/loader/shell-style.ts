/** As a constructed sheet: no content security policy forbids those. */
export const SHELL_STYLE = `
:host { --accent: #1f5fbf; --on-accent: #fff; }
* { box-sizing: border-box; }
button {
  position: absolute; inset-block-end: 0; inset-inline-end: 0; width: 56px; height: 56px; padding: 0;
  display: grid; place-items: center; border: 0; border-radius: 28px; cursor: pointer; pointer-events: auto;
  color: var(--on-accent); background: var(--accent);
  box-shadow: 0 4px 16px rgb(0 0 0 / .2), 0 1px 4px rgb(0 0 0 / .16);
  transition: transform .16s ease, box-shadow .16s ease;
}
button:hover { transform: translateY(-1px); box-shadow: 0 8px 24px rgb(0 0 0 / .24), 0 1px 4px rgb(0 0 0 / .16); }
button:active { transform: none; }
button:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; box-shadow: 0 0 0 3px #fff; }
svg { width: 24px; height: 24px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
button[aria-expanded="true"] .talk, button[aria-expanded="false"] .fold { display: none; }
.count {
  position: absolute; inset-block-start: -4px; inset-inline-end: -4px; min-width: 24px; height: 24px; padding: 0 6px;
  border-radius: 12px; border: 2px solid #fff; background: #c0262d; color: #fff;
  font: 600 12px/20px system-ui, sans-serif; font-variant-numeric: tabular-nums; text-align: center;
}
.count[hidden] { display: none; }
iframe {
  position: absolute; inset-block-end: 72px; inset-inline-end: 0; border: 0; border-radius: 16px; pointer-events: auto;
  width: min(400px, calc(100vw - 32px)); height: min(704px, calc(100vh - 112px)); height: min(704px, calc(100dvh - 112px));
  background: Canvas; box-shadow: 0 16px 48px rgb(0 0 0 / .2), 0 2px 8px rgb(0 0 0 / .12);
  opacity: 1; transition: opacity .16s ease, transform .16s ease, visibility 0s;
}
iframe[data-shut] { visibility: hidden; opacity: 0; transform: translateY(8px); pointer-events: none; transition: opacity .12s ease, transform .12s ease, visibility 0s .12s; }
@media (max-width: 480px), (max-height: 480px) {
  iframe { position: fixed; inset: 0; width: 100vw; height: 100vh; height: 100dvh; border-radius: 0; box-shadow: none; }
  button[aria-expanded="true"] { display: none; }
}
@media (prefers-reduced-motion: reduce) { button, iframe, iframe[data-shut] { transition: none; transform: none; } button:hover { transform: none; } }
@media (forced-colors: active) { button { border: 2px solid ButtonText; } iframe { outline: 2px solid CanvasText; } .count { border-color: CanvasText; } }
`
