/** Where applications are told the statuses of texts sent under them: `$1` account, `$2` JSON array of ids. */
export const loadMessageCallbacks = `select a.id, a.message_status_callback as "messageStatusCallback"
  from json_array_elements_text($2::json) as asked(id)
  join applications a on a.account_id = $1 and a.id = asked.id::uuid`
