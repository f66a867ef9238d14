/** The demo shop's looks, on a grid of 4 px, light and dark. */
export const css = `:root {
  color-scheme: light dark;
  --ink: #1d2725; --soft: #58645f; --ground: #f8f4ec; --raised: #fffdf8; --line: #e4dccd;
  --pine: #23443c; --ember: #9a4a1f; --on-ember: #fff;
  --serif: ui-serif, "Iowan Old Style", Georgia, "Times New Roman", serif;
  font: 16px/24px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root { --ink: #f0ece3; --soft: #aab3ad; --ground: #141a18; --raised: #1c2421; --line: #2e3833; --pine: #1c322c; --ember: #f0a26c; --on-ember: #23140a; }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-block-start: 80px; }
body { margin: 0; color: var(--ink); background: var(--ground); }
h1, h2, h3, p, ul, ol { margin: 0; padding: 0; }
ul, ol { list-style: none; }
h1, h2 { font-family: var(--serif); font-weight: 600; letter-spacing: -0.015em; text-wrap: balance; }
h1 { font-size: clamp(32px, 3.6vw, 48px); line-height: 1.12; }
h1 span { display: block; }
h2 { font-size: clamp(26px, 2.6vw, 34px); line-height: 1.2; }
h3 { font-size: 16px; line-height: 24px; font-weight: 600; }
a { color: inherit; }
header, main > section, footer { padding-inline: max(24px, calc(50% - 580px)); }
header {
  position: sticky; inset-block-start: 0; z-index: 1; display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 4px 24px;
  padding-block: 16px; background: color-mix(in srgb, var(--ground) 92%, transparent); backdrop-filter: blur(12px); border-block-end: 1px solid var(--line);
}
.brand { display: flex; align-items: center; gap: 8px; font: 600 20px/32px var(--serif); text-decoration: none; }
.mark { width: 32px; height: 32px; fill: var(--ember); }
nav { display: flex; gap: 8px; }
nav a { padding: 4px 12px; border-radius: 8px; color: var(--soft); text-decoration: none; }
nav a:hover { color: var(--ink); background: var(--raised); }
button {
  font: inherit; font-weight: 600; min-height: 48px; padding: 12px 24px; border: 0; border-radius: 24px;
  color: var(--on-ember); background: var(--ember); cursor: pointer; white-space: nowrap;
}
button:hover { filter: brightness(1.08); }
:focus-visible { outline: 2px solid var(--ember); outline-offset: 3px; }
.hero { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 64px; align-items: center; padding-block: 48px 72px; }
.over { color: var(--ember); font-weight: 600; margin-block-end: 16px; }
.lead { margin-block: 24px 32px; max-width: 44ch; color: var(--soft); font-size: 18px; line-height: 28px; }
.ways { display: flex; flex-wrap: wrap; align-items: center; gap: 16px 24px; }
.ways a { padding: 12px 0; text-underline-offset: 4px; }
.landscape { display: block; width: 100%; height: min(520px, 64vh); min-height: 320px; border-radius: 24px; }
.heading { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 8px 24px; margin-block-end: 32px; }
.heading p { color: var(--soft); }
#goods { padding-block: 24px 80px; }
.goods { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr)); gap: 32px 24px; }
.good { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 16px; }
.picture { grid-column: 1 / -1; margin-block-end: 16px; border-radius: 16px; overflow: hidden; }
.picture svg { display: block; width: 100%; transition: transform 0.3s ease; }
.good:hover svg { transform: scale(1.03); }
.words p { color: var(--soft); }
.price { font-weight: 600; font-variant-numeric: tabular-nums; }
.band { color: #f3efe6; background: #23443c; display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: 40px 64px; padding-block: 72px; }
.band > div p { margin-block-start: 16px; color: #c6d3cc; }
.band ol { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 24px; counter-reset: step; }
.band li { display: grid; align-content: start; gap: 4px; padding-block-start: 16px; border-block-start: 1px solid #52736a; counter-increment: step; }
.band li::before { content: counter(step); font: 600 24px/32px var(--serif); color: #f2b872; }
.band span { color: #c6d3cc; }
.visit { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 24px; padding-block: 72px; }
.visit p { margin-block-start: 8px; color: var(--soft); }
footer { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 8px 24px; padding-block: 24px 96px; border-block-start: 1px solid var(--line); color: var(--soft); font-size: 14px; line-height: 24px; }
footer p { display: flex; align-items: center; gap: 8px; }
footer .mark { width: 24px; height: 24px; }
.of-tent { background: #f3dfc7; } .of-pack { background: #dfe5d3; } .of-lamp { background: #2c3540; }
.of-mat { background: #dbe3e6; } .of-stove { background: #eddcd0; } .of-mug { background: #d5e0da; }
.shade { fill: #000; opacity: 0.12; }
.ember { fill: #d8743f; } .ember-deep { fill: #a94c22; } .ember-light { fill: #eda26f; } .night { fill: #33221c; }
.pine { fill: #5d7f5b; } .pine-deep { fill: #3f6047; } .pine-light { fill: #7d9c74; } .brass { fill: #d9a94e; }
.slate { fill: #56707c; } .slate-deep { fill: #3d535e; } .slate-light { fill: #8aa2ac; }
.flame { fill: #f6a63a; } .flame-soft { fill: #fde3a4; } .glow { fill: #f6c66a; opacity: 0.18; }
.enamel { fill: #fbfaf5; } .enamel-edge { fill: #b9c4bd; }
.line, .strap, .slate-line { fill: none; stroke-linecap: round; }
.line { stroke: #4a3f38; stroke-width: 5; } .of-lamp .line { stroke: #8aa2ac; }
.strap { stroke: #5a4330; stroke-width: 9; } .slate-line { stroke: #3d535e; stroke-width: 6; }
.sky { fill: #f3c9a4; } .sun { fill: #fbe6c2; } .far { fill: #b98d90; } .snow { fill: #fdf1e2; }
.middle { fill: #6f6b82; } .near { fill: #2f4a44; } .trees { fill: #1d332e; }
.tent-side { fill: #c65f2d; } .tent-front { fill: #e58a4e; } .tent-light { fill: #ffe2a3; }
@media (prefers-color-scheme: dark) {
  .sky { fill: #2b2f4a; } .sun { fill: #f0d8a8; } .far { fill: #4b4a69; } .snow { fill: #a9a7c0; } .middle { fill: #33364f; } .near { fill: #16241f; } .trees { fill: #0d1713; }
  .picture { filter: brightness(0.88); }
}
@media (max-width: 880px) {
  .hero { grid-template-columns: minmax(0, 1fr); gap: 40px; padding-block: 32px 56px; }
  .landscape { height: 320px; }
  .band { grid-template-columns: minmax(0, 1fr); }
}
@media (max-width: 560px) {
  .band ol { grid-template-columns: minmax(0, 1fr); }
  nav a { padding-inline: 8px; }
  nav { gap: 0; margin-inline: -8px; }
  header { padding-block: 12px; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } .picture svg { transition: none; } .good:hover svg { transform: none; } }
`
