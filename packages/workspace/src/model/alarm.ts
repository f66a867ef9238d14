/** A conversation is offered: sound until it is seen, the tab's title and its icon. [WSP4] */
const BEEP_EVERY_MS = 3_000
const RING = [740, 988] as const
const CHIME = [660] as const
const TONE_SECONDS = 0.16
const LOUDNESS = 0.08

let audio: AudioContext | undefined

const play = (tones: readonly number[]): AudioContext => {
  audio ??= new AudioContext()
  // A page that nobody has clicked yet may not make sounds; it tries again with the next one.
  if (audio.state === 'suspended') void audio.resume().catch(() => {})
  for (const [index, frequency] of tones.entries()) {
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
  return audio
}

/** One soft sound, for what is not urgent. */
export const chime = (): void => void play(CHIME)

/** Plays the ring's sound once and says whether the browser lets it be heard. */
export const trySound = async (): Promise<boolean> => {
  const context = play(RING)
  await context.resume().catch(() => {})
  return context.state === 'running'
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
  readonly title: string
}

/** Shows the state of things in the tab. */
export const showInTab = ({ ringing, unread, title }: Alarm): void => {
  const count = ringing > 0 ? ringing : unread
  document.title = count > 0 ? `(${count}) ${title}` : title
  showIcon(ringing > 0 ? ringingIcon : quietIcon)
}

/** Sounds until it is stopped; asked before each sound whether it may. */
export const ringUntil = (isLoud: () => boolean): (() => void) => {
  const sound = () => {
    if (isLoud()) play(RING)
  }
  sound()
  const timer = setInterval(sound, BEEP_EVERY_MS)
  return () => clearInterval(timer)
}
