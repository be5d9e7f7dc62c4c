<?xml version="1.0" encoding="UTF-8"?>
{{! Snom D3xx, D7xx, D8xx. perm="R": the person at the desk can't change it. Empty elements clear. }}
<settings>
 <phone-settings>
  <setting_server perm="R">{{FILE_URL}}</setting_server>
  <settings_refresh_timer perm="R">{{REFETCH_SECONDS}}</settings_refresh_timer>
  {{! In its turn it asks for a small file that names its firmware. }}
  <update_policy perm="R">{{#FIRMWARE_ON}}auto_update{{/FIRMWARE_ON}}{{#FIRMWARE_OFF}}settings_only{{/FIRMWARE_OFF}}</update_policy>
  <firmware_status perm="R">{{#FIRMWARE_ON}}{{URL}}snom{{MODEL}}-firmware.xml{{/FIRMWARE_ON}}</firmware_status>
  <pnp_config perm="R">off</pnp_config>
  {{! The maker's own management of phones, on by default in some firmware. }}
  <tr369_enable idx="1" perm="R">false</tr369_enable>
  <challenge_checksync perm="R">on</challenge_checksync>
  <checksync_action perm="R"></checksync_action>
  {{! Without admin_mode off, what the password is for is open to whoever sits there. }}
  {{#ADMIN_PASSWORD_ON}}
  <admin_mode perm="R">off</admin_mode>
  <http_user perm="R">admin</http_user>
  <http_pass perm="R">{{ADMIN_PASSWORD}}</http_pass>
  <admin_mode_password perm="R">{{ADMIN_PASSWORD}}</admin_mode_password>
  <admin_mode_password_confirm perm="R">{{ADMIN_PASSWORD}}</admin_mode_password_confirm>
  <webserver_admin_name perm="R">admin</webserver_admin_name>
  <webserver_admin_password perm="R">{{ADMIN_PASSWORD}}</webserver_admin_password>
  <webserver_user_name perm="R">user</webserver_user_name>
  <webserver_user_password perm="R">{{ADMIN_PASSWORD}}</webserver_user_password>
  {{/ADMIN_PASSWORD_ON}}
  <user_active idx="1" perm="R">on</user_active>
  <user_idle_text idx="1" perm="R">{{LABEL}}</user_idle_text>
  <user_idle_number idx="1" perm="R">{{LABEL}}</user_idle_number>
  <user_realname idx="1" perm="R">{{DISPLAY_NAME}}</user_realname>
  <user_name idx="1" perm="R">{{USER}}</user_name>
  <user_pname idx="1" perm="R">{{AUTH_USER}}</user_pname>
  <user_pass idx="1" perm="R">{{PASSWORD}}</user_pass>
  <user_host idx="1" perm="R">{{DOMAIN}}</user_host>
  <user_outbound idx="1" perm="R">{{PROXY}}:{{PROXY_PORT}};transport={{TRANSPORT}}</user_outbound>
  <user_expiry idx="1" perm="R">{{EXPIRES}}</user_expiry>
  <user_failover_identity idx="1" perm="R">none</user_failover_identity>
  <user_mailbox idx="1" perm="R">{{VOICEMAIL}}</user_mailbox>
  <user_srtp idx="1" perm="R">{{#SRTP_OFF}}off{{/SRTP_OFF}}{{#SRTP_ON}}on{{/SRTP_ON}}</user_srtp>
  <user_savp idx="1" perm="R">{{#SRTP_OFF}}off{{/SRTP_OFF}}{{#SRTP_OPTIONAL}}optional{{/SRTP_OPTIONAL}}{{#SRTP_REQUIRED}}mandatory{{/SRTP_REQUIRED}}</user_savp>
  <user_auth_tag idx="1" perm="R">{{#SRTP_OFF}}off{{/SRTP_OFF}}{{#SRTP_ON}}on{{/SRTP_ON}}</user_auth_tag>
  <user_dtmf_info idx="1" perm="R">off</user_dtmf_info>
  <codec_priority_list idx="1" perm="R">{{CODECS}},telephone-event</codec_priority_list>
  <user_dp_str idx="1" perm="R"></user_dp_str>
  {{#UNUSED_ACCOUNT}}
  <user_active idx="{{INDEX}}" perm="R">off</user_active>
  <user_idle_text idx="{{INDEX}}" perm="R"></user_idle_text>
  <user_idle_number idx="{{INDEX}}" perm="R"></user_idle_number>
  <user_realname idx="{{INDEX}}" perm="R"></user_realname>
  <user_name idx="{{INDEX}}" perm="R"></user_name>
  <user_pname idx="{{INDEX}}" perm="R"></user_pname>
  <user_pass idx="{{INDEX}}" perm="R"></user_pass>
  <user_host idx="{{INDEX}}" perm="R"></user_host>
  <user_outbound idx="{{INDEX}}" perm="R"></user_outbound>
  <user_mailbox idx="{{INDEX}}" perm="R"></user_mailbox>
  {{/UNUSED_ACCOUNT}}
  {{! What a person leaves on at the phone: not locked, since keys and menus set it. Once the phone is theirs, a file that }}
  {{! is fetched anew doesn't end it. }}
  {{#NEW_PERSON}}
  <dnd_mode perm="RW">off</dnd_mode>
  <redirect_event perm="RW">none</redirect_event>
  <redirect_number perm="RW"></redirect_number>
  {{/NEW_PERSON}}
  <dnd_on_code perm="R"></dnd_on_code>
  <dnd_off_code perm="R"></dnd_off_code>
  <redirect_always_on_code perm="R"></redirect_always_on_code>
  <redirect_always_off_code perm="R"></redirect_always_off_code>
  <redirect_busy_on_code perm="R"></redirect_busy_on_code>
  <redirect_busy_off_code perm="R"></redirect_busy_off_code>
  <redirect_time_on_code perm="R"></redirect_time_on_code>
  <redirect_time_off_code perm="R"></redirect_time_off_code>
  <auto_dial perm="R">off</auto_dial>
  <overlap_dialing perm="R">off</overlap_dialing>
  <keyboard_lock_emergency perm="R">{{EMERGENCY_BLANKS}}</keyboard_lock_emergency>
  {{! The person before may have locked the keys. }}
  {{#HOT_DESK}}
  <keyboard_lock perm="R">off</keyboard_lock>
  <keyboard_lock_pw perm="R"></keyboard_lock_pw>
  {{/HOT_DESK}}
  <language perm="R">{{LANGUAGE}}</language>
  <web_language perm="R">{{LANGUAGE}}</web_language>
  <ntp_server perm="R">{{NTP}}</ntp_server>
  <timezone perm="R">{{TIME_ZONE_NAME}}</timezone>
  <utc_offset perm="R">{{TIME_ZONE}}</utc_offset>
  {{#DAYLIGHT_SAVING}}
  <dst perm="R">{{DST_SECONDS}} {{DST_START_MONTH_2}}.{{DST_START_WEEK_2}}.{{DST_START_WEEKDAY_2}} {{DST_START_HOUR_2}}:00:00 {{DST_END_MONTH_2}}.{{DST_END_WEEK_2}}.{{DST_END_WEEKDAY_2}} {{DST_END_HOUR_2}}:00:00</dst>
  {{/DAYLIGHT_SAVING}}
  {{#NO_DAYLIGHT_SAVING}}
  <dst perm="R"></dst>
  {{/NO_DAYLIGHT_SAVING}}
  {{#RING_TONE_ON}}
  <user_ringer idx="1" perm="R">{{RING_TONE}}</user_ringer>
  {{/RING_TONE_ON}}
  {{#BACKLIGHT_ON}}
  <dim_timer perm="R">{{BACKLIGHT}}</dim_timer>
  {{/BACKLIGHT_ON}}
 </phone-settings>
 <functionKeys>
  {{#KEY}}
  {{#SPEED_DIAL}}
  <fkey idx="{{INDEX_FROM_0}}" context="1" short_label="{{KEY_LABEL}}" label="{{KEY_LABEL}}" perm="R">speed {{VALUE}}</fkey>
  {{/SPEED_DIAL}}
  {{#BLF}}
  <fkey idx="{{INDEX_FROM_0}}" context="1" short_label="{{KEY_LABEL}}" label="{{KEY_LABEL}}" perm="R">blf {{VALUE}}{{#PICKUP_ON}}|{{PICKUP}}{{/PICKUP_ON}}</fkey>
  {{/BLF}}
  {{#LINE}}
  <fkey idx="{{INDEX_FROM_0}}" context="1" short_label="{{KEY_LABEL}}" label="{{KEY_LABEL}}" perm="R">line</fkey>
  {{/LINE}}
  {{#DND}}
  <fkey idx="{{INDEX_FROM_0}}" context="1" short_label="{{KEY_LABEL}}" label="{{KEY_LABEL}}" perm="R">keyevent F_DND</fkey>
  {{/DND}}
  {{#HOLD}}
  <fkey idx="{{INDEX_FROM_0}}" context="1" short_label="{{KEY_LABEL}}" label="{{KEY_LABEL}}" perm="R">keyevent F_HOLD</fkey>
  {{/HOLD}}
  {{#TRANSFER}}
  <fkey idx="{{INDEX_FROM_0}}" context="1" short_label="{{KEY_LABEL}}" label="{{KEY_LABEL}}" perm="R">keyevent F_TRANSFER</fkey>
  {{/TRANSFER}}
  {{#FORWARD}}
  <fkey idx="{{INDEX_FROM_0}}" context="1" short_label="{{KEY_LABEL}}" label="{{KEY_LABEL}}" perm="R">{{#VALUE_ON}}redirect {{VALUE}}{{/VALUE_ON}}{{#VALUE_OFF}}keyevent F_REDIRECT{{/VALUE_OFF}}</fkey>
  {{/FORWARD}}
  {{#NONE}}
  <fkey idx="{{INDEX_FROM_0}}" context="active" short_label="" label="" perm="R">none</fkey>
  {{/NONE}}
  {{/KEY}}
  {{! Expansion modules go on where the phone's own keys end. }}
  {{#MODULE_KEY}}
  {{#SPEED_DIAL}}
  <fkey idx="{{INDEX_FROM_0}}" context="1" short_label="{{KEY_LABEL}}" label="{{KEY_LABEL}}" perm="R">speed {{VALUE}}</fkey>
  {{/SPEED_DIAL}}
  {{#BLF}}
  <fkey idx="{{INDEX_FROM_0}}" context="1" short_label="{{KEY_LABEL}}" label="{{KEY_LABEL}}" perm="R">blf {{VALUE}}{{#PICKUP_ON}}|{{PICKUP}}{{/PICKUP_ON}}</fkey>
  {{/BLF}}
  {{#DND}}
  <fkey idx="{{INDEX_FROM_0}}" context="1" short_label="{{KEY_LABEL}}" label="{{KEY_LABEL}}" perm="R">keyevent F_DND</fkey>
  {{/DND}}
  {{#HOLD}}
  <fkey idx="{{INDEX_FROM_0}}" context="1" short_label="{{KEY_LABEL}}" label="{{KEY_LABEL}}" perm="R">keyevent F_HOLD</fkey>
  {{/HOLD}}
  {{#TRANSFER}}
  <fkey idx="{{INDEX_FROM_0}}" context="1" short_label="{{KEY_LABEL}}" label="{{KEY_LABEL}}" perm="R">keyevent F_TRANSFER</fkey>
  {{/TRANSFER}}
  {{#FORWARD}}
  <fkey idx="{{INDEX_FROM_0}}" context="1" short_label="{{KEY_LABEL}}" label="{{KEY_LABEL}}" perm="R">{{#VALUE_ON}}redirect {{VALUE}}{{/VALUE_ON}}{{#VALUE_OFF}}keyevent F_REDIRECT{{/VALUE_OFF}}</fkey>
  {{/FORWARD}}
  {{#NONE}}
  <fkey idx="{{INDEX_FROM_0}}" context="active" short_label="" label="" perm="R">none</fkey>
  {{/NONE}}
  {{/MODULE_KEY}}
 </functionKeys>
 {{! The person's own contacts go. }}
 {{#HOT_DESK}}
 <tbook complete="true"></tbook>
 {{/HOT_DESK}}
 {{#AUTHORITY_ON}}
 <certificates>
  <certificate url="{{AUTHORITY_URL}}"/>
 </certificates>
 {{/AUTHORITY_ON}}
 {{! Fetched over TLS, it shows that the phone can; it says nothing. }}
 {{#REACH_ON}}
 <setting-files>
  <file url="{{REACH_URL}}"/>
 </setting-files>
 {{/REACH_ON}}
</settings>
