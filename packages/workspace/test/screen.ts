/** Runs in the page that a film is made in: draws, encodes, and recognises what is drawn. */
export const SCREEN = `globalThis.screen = (() => {
  const MICROSECONDS = 1000
  const PATIENCE_MS = 10_000
  /** Under the page: what is seen. */
  const BAR = 40
  /** Of the pixels one in so many is compared, and of its colours one. */
  const EVERY = 7
  const chunks = []
  const stages = []
  let encoder, canvas, context, pageHeight

  const base64 = (bytes) => {
    let text = ''
    for (const byte of bytes) text += String.fromCharCode(byte)
    return btoa(text)
  }
  const bytesOf = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0))

  const lookAt = (source) => {
    const whole = new OffscreenCanvas(canvas.width, canvas.height)
    const onto = whole.getContext('2d', { willReadFrequently: true })
    onto.drawImage(source, 0, 0, whole.width, whole.height)
    const { data } = onto.getImageData(0, 0, whole.width, whole.height)
    const seen = []
    for (let at = 1; at < data.length; at += EVERY * 4) seen.push(data[at])
    return seen
  }
  const difference = (one, other) =>
    one.reduce((sum, value, at) => sum + Math.abs(value - other[at]), 0)

  const drawCaption = (caption) => {
    context.fillStyle = '#4338ca'
    context.fillRect(0, pageHeight, canvas.width, BAR)
    context.fillStyle = '#ffffff'
    context.font = '600 18px sans-serif'
    context.textAlign = 'center'
    context.fillText(caption, canvas.width / 2, pageHeight + 26)
  }
  const drawTerminal = (lines) => {
    const top = pageHeight + BAR
    context.fillStyle = '#16181d'
    context.fillRect(0, top, canvas.width, canvas.height - top)
    context.font = '14px monospace'
    context.textAlign = 'left'
    lines.forEach((line, at) => {
      context.fillStyle = line.startsWith('<') ? '#8fd19e' : '#f2f2f2'
      context.fillText(line.slice(0, 148), 16, top + 28 + at * 20)
    })
  }

  const begin = ([width, height, page]) => {
    pageHeight = page
    canvas = new OffscreenCanvas(width, height)
    context = canvas.getContext('2d', { willReadFrequently: true })
    encoder = new VideoEncoder({
      output: (chunk) => {
        const bytes = new Uint8Array(chunk.byteLength)
        chunk.copyTo(bytes)
        const atMs = chunk.timestamp / MICROSECONDS
        chunks.push({ bytes: base64(bytes), atMs, isKey: chunk.type === 'key' })
      },
      error: (error) => { throw error },
    })
    encoder.configure({ codec: 'vp8', width, height, bitrate: 8_000_000 })
  }

  const take = async ({ jpeg, caption, lines, isStage, fromMs }) => {
    const picture = await createImageBitmap(new Blob([bytesOf(jpeg)], { type: 'image/jpeg' }))
    context.drawImage(picture, 0, 0, canvas.width, pageHeight)
    drawCaption(caption)
    drawTerminal(lines)
    if (isStage) stages.push(lookAt(canvas))
    const frame = new VideoFrame(canvas, { timestamp: fromMs * MICROSECONDS })
    encoder.encode(frame, { keyFrame: isStage })
    frame.close()
    if (encoder.encodeQueueSize > 4)
      await new Promise((resolve) => encoder.addEventListener('dequeue', resolve, { once: true }))
  }

  const finish = async () => {
    await encoder.flush()
    return chunks
  }

  const recognise = async (film, moments) => {
    const video = document.createElement('video')
    video.muted = true
    const event = (name) =>
      new Promise((resolve, reject) => {
        video.addEventListener(name, resolve, { once: true })
        video.addEventListener('error', () => reject(video.error), { once: true })
      })
    const isLoaded = event('loadeddata')
    video.src = URL.createObjectURL(new Blob([bytesOf(film)], { type: 'video/webm' }))
    await isLoaded
    const nearestTo = (seen) => {
      const gaps = stages.map((stage) => difference(stage, seen))
      return gaps.indexOf(Math.min(...gaps))
    }
    const nearest = []
    for (const [at, moment] of moments.entries()) {
      const isThere = event('seeked')
      video.currentTime = moment / 1000
      await isThere
      // A picture may be there for drawing a little later than the player says.
      const patience = performance.now() + PATIENCE_MS
      while (nearestTo(lookAt(video)) !== at && performance.now() < patience)
        await new Promise(requestAnimationFrame)
      nearest.push(nearestTo(lookAt(video)))
    }
    return nearest
  }
  return { begin, take, finish, recognise }
})(); undefined`
