//! A whole file, in the manner of the original's example.

use super::*;
#[test]
fn what_the_documentation_shows_has_no_problems() {
    let shown = |text: &str, element: &str| {
        let (begin, end) = (format!("    <{element}>"), format!("</{element}>"));
        let begin = text.find(&begin).expect("the example");
        let end = begin + text[begin..].find(&end).expect("its end") + end.len();
        text[begin..end].to_owned()
    };
    let bindings = shown(include_str!("../../../docs/xml.md"), "xml-bindings");
    let loggers = shown(include_str!("../../../docs/logs.md"), "loggers");
    let connection = format!(r#"<connection name="broker1">{}</connection>"#, param("host", "h"));
    let (profile, problems) =
        with_profile(&format!("<connections>{connection}</connections>{bindings}{loggers}"));
    assert_eq!(problems, NONE);
    assert!(profile.xml_bindings[0].enable && profile.loggers[0].enable);
}

#[test]
fn a_configuration_of_the_original_is_read() {
    let (config, problems) = read(
        r#"<configuration name="mosquitto.conf" description="office">
            <settings>
                <param name="log-enable" value="true"/>
                <param name="log-level" value="info"/>
                <param name="log-dir" value="/var/log/freeswitch"/>
                <param name="enable-profiles" value="true"/>
                <param name="enable-topics" value="true"/>
                <param name="event-queue-size" value="5000"/>
                <param name="unique-string-length" value="8"/>
            </settings>
            <profiles>
                <profile name="office">
                    <connections>
                        <param name="protocol_version" value="V311"/>
                        <param name="send_maximum" value="10"/>
                        <param name="bind_address" value=""/>
                        <param name="unique_string_length" value="10"/>
                        <connection name="plain">
                            <param name="enable" value="true"/>
                            <param name="send_maximum" value="20"/>
                            <param name="host" value="plain.example.com"/>
                            <param name="client_id" value="FreeSWITCH-Switchname-Unique"/>
                            <param name="clean_session" value="false"/>
                            <param name="reconnect_exponsntial_backoff" value="true"/>
                            <will>
                                <param name="enable" value="true"/>
                                <param name="topic" value="office/gone"/>
                                <param name="retain" value="true"/>
                            </will>
                        </connection>
                        <connection name="secured">
                            <param name="enable" value="true"/>
                            <param name="host" value="secured.example.com"/>
                            <tls>
                                <param name="enable" value="true"/>
                                <param name="enable" value="certificate"/>
                                <param name="advanced_options" value="true"/>
                                <param name="port" value="8883"/>
                                <param name="cafile" value=""/>
                                <param name="capath" value="/etc/ssl/certs/"/>
                                <param name="cert_reqs" value=""/>
                                <param name="version" value=""/>
                                <param name="psk" value=""/>
                            </tls>
                        </connection>
                    </connections>
                    <publishers>
                        <publisher name="out">
                            <param name="enable" value="true"/>
                            <topics>
                                <topic name="Everything">
                                    <param name="connection_name" value="secured"/>
                                    <param name="event" value="ALL"/>
                                    <param name="pattern" value="office/all"/>
                                    <param name="qos" value="0"/>
                                </topic>
                            </topics>
                        </publisher>
                    </publishers>
                    <subscribers>
                        <subscriber name="in">
                            <param name="enable" value="true"/>
                            <topics>
                                <topic name="Command">
                                    <param name="connection_name" value="plain"/>
                                    <param name="pattern" value="office/command"/>
                                    <param name="bgapi_authorized" value="true"/>
                                </topic>
                            </topics>
                        </subscriber>
                    </subscribers>
                </profile>
            </profiles>
        </configuration>"#,
    );
    let said = "profile \"office\", connections: unknown parameter \"unique_string_length\" is ignored: \
                \"unique-string-length\" belongs in settings";
    assert_eq!(problems, [said]);
    let profile = &config.profiles[0];
    let [plain, secured] = profile.connections.as_slice() else { panic!("{profile:?}") };
    assert_eq!((plain.send_maximum, secured.send_maximum), (Some(20), Some(10)));
    assert_eq!((plain.refused.as_ref(), secured.refused.as_ref()), (None, None));
    assert_eq!((secured.tls.support, secured.tls.port), (Some(TlsSupport::Certificate), Some(8883)));
    assert!(plain.will.enable && plain.reconnect_exponential_backoff && !plain.clean_session);
    assert_eq!(profile.publishers[0].topics[0].events, [EventSelector::All]);
    assert!(profile.subscribers[0].topics[0].bgapi_authorized);
}

#[test]
fn secrets_are_never_shown() {
    let secrets = [("username", "u"), ("password", "sekrit")];
    let (connection, _) = with_connection(&params(&secrets));
    let shown = format!("{connection:?} {}", connection.password.as_ref().unwrap());
    assert!(shown.contains("****") && !shown.contains("sekrit"), "{shown}");
}
