<?xml version="1.0" encoding="UTF-8"?>
{{! Grandstream. GRP and GXP21xx take aliases; the old GXP16xx and 17xx only P-values (dialect pvalue in the model). }}
{{! Expiry is in minutes. The server path has no scheme. }}
<gs_provision version="1">
 <mac>{{MAC}}</mac>
{{#ALIASES}}
 <config version="2">
  <item name="account.1.enable">Yes</item>
  <item name="account.1.name">{{LABEL}}</item>
  <item name="account.1.sip.name">{{DISPLAY_NAME}}</item>
  <item name="account.1.sip.userid">{{USER}}</item>
  <item name="account.1.sip.subscriber.userid">{{AUTH_USER}}</item>
  <item name="account.1.sip.subscriber.password">{{PASSWORD}}</item>
  <item name="account.1.sip.server.1.address">{{DOMAIN}}</item>
  <item name="account.1.sip.server.2.address"></item>
  <item name="account.1.sip.outboundProxy.1.address">{{PROXY}}:{{PROXY_PORT}}</item>
  <item name="account.1.sip.transport">{{TRANSPORT}}</item>
  <item name="account.1.sip.registration">Yes</item>
  <item name="account.1.sip.registerExpiration">{{EXPIRES_MINUTES}}</item>
  <item name="account.1.sip.unregisterOnReboot">No</item>
  <item name="account.1.audio.srtpMode">{{#SRTP_OFF}}Disabled{{/SRTP_OFF}}{{#SRTP_OPTIONAL}}EnabledButNotForced{{/SRTP_OPTIONAL}}{{#SRTP_REQUIRED}}EnabledAndForced{{/SRTP_REQUIRED}}</item>
  <item name="account.1.dtmf.sendInAudio">No</item>
  <item name="account.1.dtmf.sendInRtp">Yes</item>
  <item name="account.1.dtmf.sendInSip">No</item>
  <item name="account.1.sip.voicemail.number">{{VOICEMAIL}}</item>
  <item name="account.1.sip.subscribe.forMwi">{{MWI_WORD}}</item>
  <item name="account.1.sip.blf.callPickup.prefix">{{PICKUP}}</item>
  <item name="account.1.call.dialplan">{ [*#x]+ | \+x+ }</item>
  <item name="account.1.featureCodes.callFeatures">No</item>
  {{#HOT_DESK}}
  <item name="account.1.call.callLog">Disable</item>
  {{/HOT_DESK}}
  {{#DEDICATED}}
  <item name="account.1.call.callLog">All</item>
  {{/DEDICATED}}
  {{#CODEC}}
  <item name="account.1.codec.choice.{{CODEC_PRIORITY}}">{{CODEC_NAME}}</item>
  {{/CODEC}}
  {{#UNUSED_ACCOUNT}}
  <item name="account.{{INDEX}}.enable">No</item>
  <item name="account.{{INDEX}}.name"></item>
  <item name="account.{{INDEX}}.sip.name"></item>
  <item name="account.{{INDEX}}.sip.userid"></item>
  <item name="account.{{INDEX}}.sip.subscriber.userid"></item>
  <item name="account.{{INDEX}}.sip.subscriber.password"></item>
  <item name="account.{{INDEX}}.sip.server.1.address"></item>
  <item name="account.{{INDEX}}.sip.outboundProxy.1.address"></item>
  <item name="account.{{INDEX}}.sip.voicemail.number"></item>
  {{/UNUSED_ACCOUNT}}
  {{#KEY}}
  {{#SPEED_DIAL}}
  <item name="pks.vpk.{{INDEX}}.keyMode">SpeedDial</item>
  <item name="pks.vpk.{{INDEX}}.account">Account1</item>
  <item name="pks.vpk.{{INDEX}}.description">{{KEY_LABEL}}</item>
  <item name="pks.vpk.{{INDEX}}.value">{{VALUE}}</item>
  {{/SPEED_DIAL}}
  {{#BLF}}
  <item name="pks.vpk.{{INDEX}}.keyMode">BLF</item>
  <item name="pks.vpk.{{INDEX}}.account">Account1</item>
  <item name="pks.vpk.{{INDEX}}.description">{{KEY_LABEL}}</item>
  <item name="pks.vpk.{{INDEX}}.value">{{VALUE}}</item>
  {{/BLF}}
  {{#LINE}}
  <item name="pks.vpk.{{INDEX}}.keyMode">Line</item>
  <item name="pks.vpk.{{INDEX}}.account">Account1</item>
  <item name="pks.vpk.{{INDEX}}.description">{{KEY_LABEL}}</item>
  <item name="pks.vpk.{{INDEX}}.value"></item>
  {{/LINE}}
  {{#NONE}}
  <item name="pks.vpk.{{INDEX}}.keyMode">None</item>
  <item name="pks.vpk.{{INDEX}}.account">Account1</item>
  <item name="pks.vpk.{{INDEX}}.description"></item>
  <item name="pks.vpk.{{INDEX}}.value"></item>
  {{/NONE}}
  {{/KEY}}
  <item name="provisioning.config.protocol">HTTP</item>
  <item name="provisioning.config.serverPath">{{URL_PATH}}</item>
  <item name="provisioning.auto.mode">YesUpgradeMin</item>
  <item name="provisioning.auto.minute">60</item>
  <item name="provisioning.3cxAutoProvision">No</item>
  <item name="provisioning.override.dhcp.allowCommonOptions">No</item>
  {{#NTP_ON}}
  <item name="dateTime.ntp.server.1">{{NTP}}</item>
  {{/NTP_ON}}
  <item name="dateTime.timezone">{{TIME_ZONE}}</item>
  <item name="language.gui">{{LANGUAGE}}</item>
  {{#ADMIN_PASSWORD_ON}}
  <item name="users.admin.password">{{ADMIN_PASSWORD}}</item>
  {{/ADMIN_PASSWORD_ON}}
 </config>
{{/ALIASES}}
{{#P_VALUES}}
 <config version="1">
  <P271>1</P271>
  <P270>{{LABEL}}</P270>
  <P3>{{DISPLAY_NAME}}</P3>
  <P35>{{USER}}</P35>
  <P36>{{AUTH_USER}}</P36>
  <P34>{{PASSWORD}}</P34>
  <P47>{{DOMAIN}}</P47>
  <P2312></P2312>
  <P48>{{PROXY}}:{{PROXY_PORT}}</P48>
  <P130>{{TRANSPORT_NUMBER}}</P130>
  <P31>1</P31>
  <P32>{{EXPIRES_MINUTES}}</P32>
  <P81>0</P81>
  <P183>{{#SRTP_OFF}}0{{/SRTP_OFF}}{{#SRTP_OPTIONAL}}1{{/SRTP_OPTIONAL}}{{#SRTP_REQUIRED}}2{{/SRTP_REQUIRED}}</P183>
  <P2301>0</P2301>
  <P2302>1</P2302>
  <P2303>0</P2303>
  <P33>{{VOICEMAIL}}</P33>
  <P99>{{MWI}}</P99>
  <P1347>{{PICKUP}}</P1347>
  <P290>{ [*#x]+ | \+x+ }</P290>
  <P191>0</P191>
  {{#HOT_DESK}}
  <P182>2</P182>
  {{/HOT_DESK}}
  {{#DEDICATED}}
  <P182>0</P182>
  {{/DEDICATED}}
  {{! Of further accounts only the switch is known by number: P401 (reference, 5.1). }}
  <P401>0</P401>
  <P212>1</P212>
  <P237>{{URL_PATH}}</P237>
  <P194>1</P194>
  <P193>60</P193>
  <P1414>0</P1414>
  <P145>0</P145>
  {{#NTP_ON}}
  <P30>{{NTP}}</P30>
  {{/NTP_ON}}
  <P64>{{TIME_ZONE}}</P64>
  {{#ADMIN_PASSWORD_ON}}
  <P2>{{ADMIN_PASSWORD}}</P2>
  {{/ADMIN_PASSWORD_ON}}
 </config>
{{/P_VALUES}}
</gs_provision>
