/** The files of the demo shop. [WEB8] */
import { html } from './demo-page.ts'
import { icon } from './demo-pictures.ts'
import { css } from './demo-style.ts'

interface DemoFile {
  readonly contentType: string
  readonly text: string
}

/** The demo account, or another one given as `?account=`. */
const script = `const query = new URLSearchParams(location.search)
Ringdown('init', {
  account: query.get('account') || '70010001',
  title: 'Alpenglow',
  theme: { accent: '#9a4a1f' },
  ...(query.get('language') && { language: query.get('language') }),
})
for (const button of document.querySelectorAll('[data-ask]'))
  button.addEventListener('click', () => Ringdown('open'))
`

export const demoFiles: Readonly<Record<string, DemoFile>> = {
  '/demo': { contentType: 'text/html; charset=utf-8', text: html },
  '/demo/shop.css': { contentType: 'text/css; charset=utf-8', text: css },
  '/demo/shop.js': { contentType: 'text/javascript; charset=utf-8', text: script },
  '/demo/icon.svg': { contentType: 'image/svg+xml', text: icon },
}
