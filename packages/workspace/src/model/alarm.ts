/** A conversation is offered: sound until it is seen, the tab's title and its icon. [WSP4] */
const BEEP_EVERY_MS = 3_000
const TONES = [740, 988] as const
const TONE_SECONDS = 0.16
const LOUDNESS = 0.08

let audio: AudioContext | undefined

const beep = (): void => {
  audio ??= new AudioContext()
  // A page that nobody has clicked yet may not make sounds; it tries again with the next one.
  if (audio.state === 'suspended') void audio.resume().catch(() => {})
  for (const [index, frequency] of TONES.entries()) {
    const from = audio.currentTime + index * TONE_SECONDS
    const tone = audio.createOscillator()
    const gain = audio.createGain()
    tone.frequency.value = frequency
    gain.gain.setValueAtTime(LOUDNESS, from)
    gain.gain.exponentialRampToValueAtTime(0.0001, from + TONE_SECONDS)
    tone.connect(gain).connect(audio.destination)
    tone.start(from)
    tone.stop(from + TONE_SECONDS)
  }
}

const icon = (colour: string, dot: string): string =>
  `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="${colour}"/><path d="M9 12a4 4 0 0 1 4-4h6a4 4 0 0 1 4 4v4a4 4 0 0 1-4 4h-4l-4 4v-4a2 2 0 0 1-2-2z" fill="#fff"/>${dot}</svg>`,
  )}`

const quietIcon = icon('#4f46e5', '')
const ringingIcon = icon('#4f46e5', '<circle cx="25" cy="7" r="6" fill="#f43f5e"/>')

const showIcon = (href: string): void => {
  document.querySelector<HTMLLinkElement>('link[rel="icon"]')?.setAttribute('href', href)
}

export interface Alarm {
  readonly ringing: number
  readonly unread: number
  readonly sound: boolean
  readonly title: string
}

/** Shows the state of things; returns how to stop its sound. */
export const sound = ({ ringing, unread, sound: isLoud, title }: Alarm): (() => void) => {
  const count = ringing > 0 ? ringing : unread
  document.title = count > 0 ? `(${count}) ${title}` : title
  showIcon(ringing > 0 ? ringingIcon : quietIcon)
  if (ringing === 0 || !isLoud) return () => {}
  beep()
  const timer = setInterval(beep, BEEP_EVERY_MS)
  return () => clearInterval(timer)
}
