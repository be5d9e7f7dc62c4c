#!/usr/bin/env bash
# Made the shipped announcements, once; needs espeak-ng and sox. An administrator's own go to STATE_DIR/prompts (README.md).
set -euo pipefail
cd "$(dirname "$0")"
declare -A prompts=(
  [enter_extension]="Please enter your extension, followed by the hash key."
  [enter_pin]="Please enter your voicemail PIN, followed by the hash key."
  [wrong_pin]="Sorry, that did not work."
  [login_ok]="You are now logged in."
  [logged_out]="You are now logged out."
  [not_logged_in]="Nobody is logged in at this desk."
  [not_a_hot_desk]="This phone is not a hot desk."
  [goodbye]="Goodbye."
  [try_later]="That is not possible at the moment. Please try again later."
  [no_emergency_route]="This emergency call can not be connected. Please use another phone, at once."
  [may_not_call]="This phone may not call that number."
  [no_such_number]="That number can not be reached from here."
  [lines_busy]="All outside lines are busy. Please try again later."
  [limit_reached]="You have made too many outside calls. Please try again later."
  [emergency_called]="Emergency call. Somebody has dialled"
  [emergency_test]="This is only a test. Somebody has dialled"
  [at_hot_desk]="at hot desk"
  [at_extension]="at extension"
  [see_display]="The place is shown on the display of your phone."
  [digit_0]="zero." [digit_1]="one." [digit_2]="two." [digit_3]="three." [digit_4]="four."
  [digit_5]="five." [digit_6]="six." [digit_7]="seven." [digit_8]="eight." [digit_9]="nine."
  [core_unreachable]="The telephone system can not be reached at the moment. Please try again later."
)
# Without names: all of them.
[ $# -gt 0 ] || set -- "${!prompts[@]}" ringback
for name in "$@"; do
  if [ "$name" = ringback ]; then  # ITU-T E.180: 425 Hz, 1 s of tone and 4 s of silence, over and over
    sox -n -r 8000 -c 1 -b 16 en/ringback.wav synth 1 sine 425 vol 0.2 fade 0.005 1 0.005 pad 0 4
    continue
  fi
  espeak-ng -v en-gb -s 150 -w "/tmp/$name.wav" "${prompts[$name]}"
  # Telephone band, silence off both ends, speech at about -20 dBFS with headroom.
  sox -v 0.7 "/tmp/$name.wav" -r 8000 -c 1 -b 16 "en/$name.wav" highpass 200 silence 1 0.02 0.5% reverse silence 1 0.02 0.5% \
    reverse norm -6 compand 0.02,0.2 -40,-40,-20,-14,0,-6 -1 -30 0.02 norm -2 pad 0.15 0.15
  rm "/tmp/$name.wav"
done
