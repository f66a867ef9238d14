/** What the demo shop shows, drawn. Colours are classes of its style sheet, so that they follow the scheme. */

const frame = (title: string, drawing: string): string =>
  `<svg viewBox="0 0 320 240" role="img" aria-label="${title}">${drawing}</svg>`

const shade = '<ellipse class="shade" cx="160" cy="204" rx="104" ry="10"/>'

export const pictures = {
  tent: frame(
    'A ridge tent, its door open',
    `${shade}<path class="ember-deep" d="M160 56 276 202H160Z"/><path class="ember" d="M160 56 44 202h116Z"/>
<path class="night" d="M160 76 122 202h76Z"/><path class="ember-light" d="M160 76 122 202h-20Z"/><path class="ember-light" d="M160 76 198 202h20Z"/>
<path class="line" d="M160 56V44M44 202l-18 8M276 202l18 8"/>`,
  ),
  pack: frame(
    'A day pack of waxed cotton',
    `${shade}<path class="line" d="M138 60c0-28 44-28 44 0"/><path class="pine-deep" d="M98 92h-8c-10 0-16 8-16 18v46c0 8 6 14 14 14h10ZM222 92h8c10 0 16 8 16 18v46c0 8-6 14-14 14h-10Z"/>
<path class="pine" d="M96 104c0-30 24-48 64-48s64 18 64 48v82c0 10-8 18-18 18h-92c-10 0-18-8-18-18Z"/><path class="pine-deep" d="M92 98c4-28 28-42 68-42s64 14 68 42c2 14-6 24-18 24H110c-12 0-20-10-18-24Z"/>
<rect class="pine-light" x="118" y="144" width="84" height="48" rx="10"/><path class="strap" d="M132 108v36M188 108v36"/><rect class="brass" x="126" y="126" width="12" height="12" rx="3"/><rect class="brass" x="182" y="126" width="12" height="12" rx="3"/>`,
  ),
  lamp: frame(
    'A camp lamp, lit',
    `${shade}<circle class="glow" cx="160" cy="128" r="92"/><path class="line" d="M124 78c0-52 72-52 72 0"/><rect class="slate-deep" x="120" y="72" width="80" height="18" rx="8"/>
<path class="flame-soft" d="M128 90h64l8 84h-80Z"/><path class="flame" d="M160 104c20 24 22 34 22 44a22 22 0 0 1-44 0c0-10 2-20 22-44Z"/><path class="slate-line" d="M136 90l-8 84M184 90l8 84"/><rect class="slate" x="112" y="172" width="96" height="30" rx="8"/><circle class="brass" cx="160" cy="187" r="5"/>`,
  ),
  mat: frame(
    'A sleeping mat, rolled',
    `${shade}<rect class="slate-light" x="72" y="108" width="176" height="92" rx="46"/><circle class="slate" cx="202" cy="154" r="46"/><circle class="slate-light" cx="202" cy="154" r="34"/><circle class="slate" cx="202" cy="154" r="22"/><circle class="slate-light" cx="202" cy="154" r="10"/><path class="strap" d="M108 109v90M148 108v92"/>`,
  ),
  stove: frame(
    'A pot on a small stove',
    `${shade}<path class="flame" d="M140 176c0-14 8-16 10-28 8 6 8 10 12 10 6-4 6-10 4-16 12 8 16 20 14 34Z"/><path class="slate-line" d="M112 142l20 60M208 142l-20 60"/><rect class="slate-deep" x="128" y="176" width="64" height="28" rx="8"/>
<path class="slate" d="M104 76h112v56c0 8-6 14-14 14h-84c-8 0-14-6-14-14Z"/><rect class="slate-light" x="98" y="66" width="124" height="14" rx="7"/><circle class="brass" cx="160" cy="58" r="7"/><path class="line" d="M216 96h44"/>`,
  ),
  mug: frame(
    'An enamel mug',
    `${shade}<path class="line" d="M136 76c-8-12 8-16 0-28M164 76c-8-12 8-16 0-28"/><path class="enamel-edge" d="M206 112h14c18 0 26 12 26 28s-10 30-28 30h-14v-14h12c10 0 15-6 15-16s-4-14-13-14h-12Z"/><path class="enamel" d="M92 92h120v88c0 14-10 24-24 24h-72c-14 0-24-10-24-24Z"/><rect class="ember-deep" x="86" y="88" width="132" height="10" rx="5"/><path class="ember" d="M152 128l28 44h-56Z"/>`,
  ),
} as const

/** Mountains at dusk with a tent whose light is on. */
export const landscape = `<svg class="landscape" viewBox="0 0 640 560" preserveAspectRatio="xMidYMax slice" role="img" aria-label="A lit tent below mountains at dusk">
<rect class="sky" width="640" height="560"/><circle class="sun" cx="448" cy="208" r="64"/>
<path class="far" d="M0 320 112 204l72 72 104-128 120 152 72-64 160 132v192H0Z"/><path class="snow" d="M288 148l-40 49 22 14 18-22 20 28 24-20Z"/>
<path class="middle" d="M0 400l96-64 120 72 128-104 136 112 160-88v232H0Z"/>
<path class="near" d="M0 476c120-48 232-40 336-8s208 20 304-24v116H0Z"/>
<path class="trees" d="M48 480l20-64 20 64ZM88 476l26-88 26 88ZM540 464l24-84 24 84ZM580 468l18-58 18 58Z"/>
<path class="tent-side" d="M336 380l96 116h-96Z"/><path class="tent-front" d="M336 380l-92 116h92Z"/><path class="tent-light" d="M336 404l-30 92h60Z"/></svg>`

export const mark =
  '<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><path d="M3 26 13 8l5 9 3-4 8 13Z"/></svg>'

/** The same for the browser's tab. */
export const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#23443c"/><path d="M4 24 13 9l4 7 3-4 8 12Z" fill="#f2b872"/></svg>\n'
