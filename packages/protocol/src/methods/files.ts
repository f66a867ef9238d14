/** Shared files and secure forms. The forms are not built yet; their shapes are fixed all the same. */
import { Type } from 'typebox'
import { IdLike, Maybe, NaturalLike, Opaque } from '../objects/lenient.ts'
import { defineMethod, names } from './method.ts'

const FileUrl = Type.Object({
  relativePath: Type.String({ pattern: '^/' }),
  queryParams: Type.Object({
    temp_url_sig: Type.String(),
    /** Seconds since the epoch, as a string. */
    temp_url_expires: Type.String({ pattern: '^[0-9]+$' }),
  }),
})
const fileUrl = { 2: FileUrl, 3: FileUrl } as const
const fileNames = (request: string) =>
  names({
    request,
    response: 'ms.GenerateURLResponse',
    response2: '.ams.ms.BaseGenerateURL$Response',
  })

const uploadNames = fileNames('ms.GenerateURLForUploadFile')
const downloadNames = fileNames('ms.GenerateURLForDownloadFile')

export const generateUploadUrl = defineMethod({
  title: 'Get an upload address',
  description: 'Gives a short-lived address to which the bytes of a file may be put.',
  names: { consumer: uploadNames, agent: uploadNames },
  body: Type.Object({ fileSize: NaturalLike, fileType: Type.String({ minLength: 1 }) }),
  answers: fileUrl,
  isBuilt: true,
  errors: ['file_type_not_supported', 'file_too_large', 'file_sharing_off', 'file_storage_full'],
})

export const generateDownloadUrl = defineMethod({
  title: 'Get a download address',
  description: 'Gives a short-lived address from which the bytes of a shared file may be read.',
  names: { consumer: downloadNames, agent: downloadNames },
  body: Type.Object({ relativePath: Type.String({ minLength: 1 }), dialogId: Maybe(IdLike) }),
  answers: fileUrl,
  isBuilt: true,
  errors: ['file_not_found', 'file_not_available'],
})

const UploadToken = Type.Object({
  token: Type.Object({ readOtk: Type.String(), writeOtk: Type.String() }),
})

export const generateUploadToken = defineMethod({
  title: 'Get keys for a secure form',
  description: 'Gives the one-time keys with which a consumer fills in a secure form.',
  names: {
    consumer: names({
      request: 'ms.GenerateUploadToken',
      response: 'ms.UploadTokenResponse',
      response2: '.ams.ms.UploadToken$Response',
    }),
  },
  body: Type.Object({
    uploadable: Type.Object({
      type: Type.String(),
      formId: IdLike,
      invitationId: Type.String({ minLength: 1 }),
      dialogId: IdLike,
    }),
  }),
  answers: { 2: UploadToken, 3: UploadToken },
  isBuilt: false,
  errors: ['not_implemented'],
})

const DownloadToken = Type.Object({
  token: Type.Unsafe<string | Record<string, unknown>>({ type: ['string', 'object'] }),
})

export const generateDownloadToken = defineMethod({
  title: 'Get a key to files',
  description:
    'Gives a short-lived key with which an agent reads the files that are its business, in place of addresses.',
  names: {
    agent: names({
      request: 'ms.token.GenerateDownloadToken',
      response: 'ms.token.GenerateDownloadTokenResponse',
      response2: '.ams.ms.token.GenerateDownloadToken$Response',
    }),
  },
  body: Type.Object({ downloadable: Maybe(Opaque) }),
  answers: { 2: DownloadToken, 3: DownloadToken },
  isBuilt: true,
  errors: ['not_implemented'],
})
