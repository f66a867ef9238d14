/** The icons, drawn on a grid of 20, in the colour of the text. */
const paths = {
  inbox: 'M3 11l2.5-6h9L17 11v4.5a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1zm0 0h4l1 2h4l1-2h4',
  layers: 'M10 3l7 3.75L10 10.5 3 6.75zM3.5 10.5L10 14l6.5-3.5M3.5 13.75L10 17.25l6.5-3.5',
  people:
    'M7.5 9a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.5zM2.5 16.5c0-2.8 2.2-4.5 5-4.5s5 1.7 5 4.5M13 3.8a2.75 2.75 0 0 1 0 5M14.5 12.3c1.8.6 3 2.1 3 4.2',
  settings:
    'M10 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM10 2.5v2m0 11v2M2.5 10h2m11 0h2M4.7 4.7l1.4 1.4m7.8 7.8l1.4 1.4m0-10.6l-1.4 1.4m-7.8 7.8l-1.4 1.4',
  keyboard:
    'M3 5.5h14a.5.5 0 0 1 .5.5v8a.5.5 0 0 1-.5.5H3a.5.5 0 0 1-.5-.5V6a.5.5 0 0 1 .5-.5zM5.5 8.5h.01M8.5 8.5h.01M11.5 8.5h.01M14.5 8.5h.01M6.5 11.5h7',
  close: 'M5 5l10 10M15 5L5 15',
  check: 'M4 10.5l4 4 8-9',
  checks: 'M2 10.5l4 4 7-9M9.5 14.5l8-9',
  clock: 'M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15zM10 6v4l2.5 2',
  pause: 'M7.5 5.5v9M12.5 5.5v9',
  alert: 'M10 3l7.5 13.5h-15zM10 8v4M10 14.2h.01',
  lock: 'M5.5 9h9a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1zM7 9V6.5a3 3 0 0 1 6 0V9',
  clip: 'M15.5 9.5l-6 6a3.5 3.5 0 0 1-5-5l6.5-6.5a2.4 2.4 0 0 1 3.4 3.4L8 13.8a1.2 1.2 0 0 1-1.7-1.7l5.5-5.5',
  send: 'M10 16V4M5 9l5-5 5 5',
  file: 'M5 2.5h6l4 4v11H5zM11 2.5v4h4',
  back: 'M12 4l-6 6 6 6',
  down: 'M10 4v12M5 11l5 5 5-5',
  link: 'M8.3 11.7a3 3 0 0 0 4.3 0l3-3a3 3 0 1 0-4.3-4.3l-1 1M11.7 8.3a3 3 0 0 0-4.3 0l-3 3a3 3 0 1 0 4.3 4.3l1-1',
  unlinked:
    'M11.3 5.4l1-1a3 3 0 1 1 4.3 4.3l-2 2M8.7 14.6l-1 1a3 3 0 1 1-4.3-4.3l2-2M3.5 3.5l13 13',
  chevron: 'M5.5 8l4.5 4.5L14.5 8',
  more: 'M4.5 10h.01M10 10h.01M15.5 10h.01',
  panel: 'M3 4h14v12H3zM12.5 4v12',
  transfer: 'M3 7h12l-3-3M17 13H5l3 3',
  history: 'M3.2 8a7 7 0 1 1-.2 3.4M3 3.5V8h4.5M10 6.5V10l2.5 1.8',
  search: 'M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM13 13l4 4',
  shield: 'M10 2.5l6 2.2v4.6c0 3.9-2.6 6.7-6 8.2-3.4-1.5-6-4.3-6-8.2V4.7zM7.2 9.8l2 2 3.6-4',
  chat: 'M4 4.5h12a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1h-5l-4 3v-3H4a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1z',
} as const

export type IconName = keyof typeof paths

/** What points, or stands at a side, turns around with the page. */
const turning: ReadonlySet<IconName> = new Set(['back', 'panel', 'chat'])

export const Icon = ({ name, size = 20 }: { name: IconName; size?: 14 | 16 | 20 | 32 }) => (
  <svg
    aria-hidden="true"
    className={`shrink-0 ${turning.has(name) ? 'rtl:-scale-x-100' : ''}`}
    fill="none"
    height={size}
    stroke="currentColor"
    strokeLinecap="round"
    strokeLinejoin="round"
    strokeWidth={name === 'more' ? 2.5 : size < 20 ? 1.75 : 1.5}
    viewBox="0 0 20 20"
    width={size}
  >
    <path d={paths[name]} />
  </svg>
)
