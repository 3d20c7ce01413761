import type { Authorization, CainBody } from '@payments/schemas';

type MessageFunction = CainBody['Hdr']['MsgFctn'];

/** A request merged with its response is a notification; an advice stays one, so that stand-in is not lost. */
const MESSAGE_FUNCTION: Readonly<Record<Authorization['messageFunction'], MessageFunction>> = {
  REQUEST: 'NOTI',
  NOTIFICATION: 'NOTI',
  ADVICE: 'ADVC',
};

/** The capture of something already performed: what was authorized before is now completed. */
const CAPTURE_FUNCTION: Readonly<Record<Authorization['messageFunction'], MessageFunction>> = {
  REQUEST: 'NOTI',
  NOTIFICATION: 'CANO',
  ADVICE: 'CAAD',
};

/**
 * What a message is for (ExternalMessageFunction1Code). A financial advice that names an original (0220 with DE90)
 * captures what that authorization allowed: CAAD; one that names none stands for itself: ADVC.
 */
export function messageFunctionOf({
  messageClass,
  messageFunction,
  original,
}: Authorization): MessageFunction {
  const isCapture = messageClass === 'FINANCIAL' && original !== undefined;
  return (isCapture ? CAPTURE_FUNCTION : MESSAGE_FUNCTION)[messageFunction];
}
