/** A conversation is offered: sound until it is seen, the tab's title and its icon. [WSP4] */
const BEEP_EVERY_MS = 3_000
const RING = [740, 988] as const
const CHIME = [660] as const
const TONE_SECONDS = 0.16
const LOUDNESS = 0.08

let audio: AudioContext | undefined
let latest = 0
let sounding = 0

const begin = (context: AudioContext, tones: readonly number[]): void => {
  for (const [index, frequency] of tones.entries()) {
    const from = context.currentTime + index * TONE_SECONDS
    const tone = context.createOscillator()
    const gain = context.createGain()
    tone.frequency.value = frequency
    gain.gain.setValueAtTime(LOUDNESS, from)
    gain.gain.exponentialRampToValueAtTime(0.0001, from + TONE_SECONDS)
    tone.connect(gain).connect(context.destination)
    sounding += 1
    tone.onended = () => {
      sounding -= 1
      // A context that runs takes its share of the processor, heard or not.
      if (sounding === 0) void context.suspend()
    }
    tone.start(from)
    tone.stop(from + TONE_SECONDS)
  }
}

/**
 * A page that nobody has clicked yet may not make sounds. Of those that waited for the click the latest
 * is made.
 */
const play = async (tones: readonly number[]): Promise<AudioContext> => {
  audio ??= new AudioContext()
  latest += 1
  const turn = latest
  await audio.resume().catch(() => {})
  if (turn === latest && audio.state === 'running') begin(audio, tones)
  return audio
}

/** One soft sound, for what is not urgent. */
export const chime = (): void => void play(CHIME)

/** Plays the ring's sound once and says whether the browser lets it be heard. */
export const trySound = async (): Promise<boolean> => (await play(RING)).state === 'running'

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
    if (isLoud()) void play(RING)
  }
  sound()
  const timer = setInterval(sound, BEEP_EVERY_MS)
  return () => clearInterval(timer)
}
