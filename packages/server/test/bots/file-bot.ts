/**
 * A manager's bot that joins every open conversation and sends a picture into it: asks for an
 * upload, says welcome meanwhile, puts the bytes, publishes the file, asks for its download.
 */
import { request } from 'node:https'
import type { Body, SdkAgent } from './agent-sdk.ts'
import type { Report } from './runner.ts'

/** A JPEG of one white pixel. */
const PICTURE = Buffer.from(
  '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q==',
  'base64',
)

interface Place {
  readonly relativePath: string
  readonly queryParams: { readonly temp_url_sig: string; readonly temp_url_expires: string }
}

/** No authorisation beside the signed address; the length is not told beforehand. */
const exchange = (
  host: string,
  { relativePath, queryParams }: Place,
  bytes?: Buffer,
): Promise<{ status: number; bytes: Buffer }> =>
  new Promise((resolve, reject) => {
    const { temp_url_sig, temp_url_expires } = queryParams
    const url = `https://${host}${relativePath}?temp_url_sig=${temp_url_sig}&temp_url_expires=${temp_url_expires}`
    const sent = bytes && { headers: { 'content-type': 'image/jpeg' } }
    const call = request(url, { method: bytes ? 'PUT' : 'GET', ...sent }, async (response) => {
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk as Buffer)
      resolve({ status: response.statusCode ?? 0, bytes: Buffer.concat(chunks) })
    })
    call.on('error', reject)
    if (bytes) call.write(bytes)
    call.end()
  })

export const fileBot = (agent: SdkAgent, report: Report): void => {
  const seen = new Set<string>()
  // The SDK keeps its domains to itself; a bot is told the storage's host by its operator.
  const host = agent.conf.csdsDomain

  const publish = (dialogId: string, event: object, done: (error: Body, body: Body) => void) =>
    agent.publishEvent({ dialogId, event }, done)

  const download = (dialogId: string, relativePath: string) =>
    agent.generateURLForDownloadFile({ relativePath }, async (error: Body, place: Place) => {
      if (error) return report('not-downloaded', { dialogId, error })
      const { status, bytes } = await exchange(host, place)
      return report('downloaded', { dialogId, status, isSame: bytes.equals(PICTURE) })
    })

  const share = (dialogId: string, place: Place) => {
    const { relativePath } = place
    const message = { caption: 'a picture', relativePath, fileType: 'JPEG' }
    publish(
      dialogId,
      { type: 'ContentEvent', contentType: 'hosted/file', message },
      (error, body) => {
        report('shared', { dialogId, relativePath, error, body })
        if (!error) download(dialogId, relativePath)
      },
    )
  }

  const upload = (dialogId: string) => {
    agent.generateURLForUploadFile(
      { fileSize: PICTURE.length, fileType: 'JPEG' },
      async (_: Body, place: Place) => {
        // As trusting as bots are: a refusal has no queryParams, and this ends the process.
        report('upload-place', { dialogId, expires: place.queryParams.temp_url_expires })
        const { status } = await exchange(host, place, PICTURE)
        report('uploaded', { dialogId, status })
        share(dialogId, place)
      },
    )
    const welcome = { type: 'ContentEvent', contentType: 'text/plain', message: 'Welcome' }
    publish(dialogId, welcome, (error) => report('welcomed', { dialogId, error }))
  }

  agent.on('connected', () => {
    agent.setAgentState({ availability: 'AWAY' })
    agent.subscribeExConversations({ convState: ['OPEN'] })
  })

  agent.on('cqm.ExConversationChangeNotification', ({ changes }: Body) => {
    for (const { type, result } of changes) {
      const conversationId: string = result.convId
      if (type === 'DELETE' || seen.has(conversationId)) continue
      seen.add(conversationId)
      const join = { field: 'ParticipantsChange', type: 'ADD', role: 'MANAGER' }
      agent.updateConversationField(
        { conversationId, conversationField: [join] },
        (error: Body, body: Body) => {
          report('joined', { conversationId, error, body })
          upload(conversationId)
        },
      )
    }
  })
}
