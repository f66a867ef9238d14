import type { PutFile } from '@ringdown/client'

/** By the one interface of browsers that tells how much has left. */
export const putWithProgress: PutFile = (url, file, { signal, onProgress }) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const stop = () => request.abort()
    request.upload.addEventListener('progress', ({ loaded, total }) =>
      onProgress?.(total > 0 ? loaded / total : 0),
    )
    request.addEventListener('load', () => resolve(request.status))
    request.addEventListener('error', () => reject(new Error('The connection was lost')))
    request.addEventListener('abort', () => reject(signal?.reason))
    request.addEventListener('loadend', () => signal?.removeEventListener('abort', stop))
    signal?.throwIfAborted()
    signal?.addEventListener('abort', stop)
    request.open('PUT', url)
    request.send(file)
  })
