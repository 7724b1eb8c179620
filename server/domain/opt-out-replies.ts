import type { OptOutKind } from './opt-out.ts'
import type { Language } from './opt-out-words.ts'

/**
 * What a person is told once after a keyword, unless the owner has a text of their own. Each is one GSM-7 segment, which
 * is why some words are spelled around an accent or, as Polish texts usually are, without it. STOP, START and HELP are
 * named since they work in every language.
 */
const REPLIES: Readonly<Record<Language, Readonly<Record<OptOutKind, string>>>> = {
  en: {
    stop: 'You have been unsubscribed and will get no more messages from this number. Reply START to resubscribe.',
    start: 'You are subscribed again and will get messages from this number. Reply HELP for help, STOP to unsubscribe.',
    help: 'Reply STOP to get no more messages from this number, START to get them again. Msg & data rates may apply.',
  },
  es: {
    stop: 'Baja confirmada: no le enviaremos otros mensajes desde este remitente. Responda START para volver a recibirlos.',
    start:
      'Alta confirmada: vuelve a recibir mensajes de este remitente. Responda HELP para ayuda o STOP para darse de baja.',
    help: 'Responda STOP para no recibir mensajes de este remitente o START para volver a recibirlos.',
  },
  fr: {
    stop: 'Désabonnement confirmé: vous ne recevrez plus de messages de ce numéro. Répondez START pour vous réabonner.',
    start: "Réabonnement confirmé. Répondez HELP pour obtenir de l'aide, STOP pour ne plus recevoir de messages.",
    help: 'Répondez STOP pour ne plus recevoir de messages de ce numéro, START pour en recevoir à nouveau.',
  },
  de: {
    stop: 'Sie sind abgemeldet und erhalten von dieser Nummer keine Nachrichten mehr. Antworten Sie START, um sich wieder anzumelden.',
    start: 'Sie sind wieder angemeldet. Antworten Sie HELP für Hilfe, STOP, um keine Nachrichten mehr zu erhalten.',
    help: 'Antworten Sie STOP, um von dieser Nummer keine Nachrichten mehr zu erhalten, START, um sie wieder zu erhalten.',
  },
  pt: {
    stop: 'Cancelamento confirmado: este remetente deixa de lhe enviar mensagens. Responda START para voltar a receber.',
    start: 'Volta a receber mensagens deste remetente. Responda HELP para ajuda ou STOP para cancelar.',
    help: 'Responda STOP para deixar de receber mensagens deste remetente ou START para voltar a receber.',
  },
  it: {
    stop: 'Cancellazione confermata: da questo numero non arriveranno altri messaggi. Rispondi START per riceverli di nuovo.',
    start: 'Riceverai di nuovo i messaggi di questo numero. Rispondi HELP per aiuto, STOP per non riceverne più.',
    help: 'Rispondi STOP per non ricevere più messaggi da questo numero, START per riceverli di nuovo.',
  },
  nl: {
    stop: 'Je bent uitgeschreven en ontvangt van dit nummer geen berichten meer. Antwoord START om je weer aan te melden.',
    start: 'Je bent weer aangemeld. Antwoord HELP voor hulp, STOP om geen berichten meer te ontvangen.',
    help: 'Antwoord STOP om van dit nummer geen berichten meer te ontvangen, START om ze weer te ontvangen.',
  },
  pl: {
    stop: 'Wypisano: nie wyslemy wiecej wiadomosci z tego numeru. Odpisz START, aby znowu je otrzymywac.',
    start: 'Znowu otrzymujesz wiadomosci z tego numeru. Odpisz HELP, aby uzyskac pomoc, STOP, aby zrezygnowac.',
    help: 'Odpisz STOP, aby nie otrzymywac wiadomosci z tego numeru, START, aby znowu je otrzymywac.',
  },
}

/** The default answer to a keyword; after a stop it is the one text that may still be sent (47 CFR 64.1200(a)(12)). */
export function optOutReply(kind: OptOutKind, language: Language): string {
  return REPLIES[language][kind]
}
