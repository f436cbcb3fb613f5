#include "analyzers/tcp_states.h"

#define sLI HANGUP_TCP_STATE_LISTEN
#define sSS HANGUP_TCP_STATE_SYN_SENT
#define sSR HANGUP_TCP_STATE_SYN_RECEIVED
#define sES HANGUP_TCP_STATE_ESTABLISHED
#define sF1 HANGUP_TCP_STATE_FIN_WAIT_1
#define sF2 HANGUP_TCP_STATE_FIN_WAIT_2
#define sCW HANGUP_TCP_STATE_CLOSE_WAIT
#define sCG HANGUP_TCP_STATE_CLOSING
#define sLA HANGUP_TCP_STATE_LAST_ACK
#define sTW HANGUP_TCP_STATE_TIME_WAIT
#define sCL HANGUP_TCP_STATE_CLOSED
#define sIG TCP_CELL_IGNORED
#define sIV TCP_CELL_INVALID

const uint8_t tcp_states[TCP_EVENT_COUNT][HANGUP_TCP_STATE_COUNT] = {
#define TCP_ROW(event, ...) [TCP_EVENT_##event] = {__VA_ARGS__},
#include "analyzers/tcp_states.def"
#undef TCP_ROW
};
