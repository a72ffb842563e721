package io.aki.sample;

import java.util.List;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the sample application.
 *
 * @param imageEndpoints the endpoints that create images
 * @param editEndpoint the endpoint that edits an uploaded image
 * @param speechEndpoint the endpoint that creates speech
 * @param maxStreams the maximum number of streams that a user has open at the same time:
 * pages that receive changes, and answers that are being written
 * @param allowedHosts the host names that a request may use, without a port; this
 * protects against an attacker who points the name of another site to this machine
 */
@ConfigurationProperties("sample")
public record SampleProperties(@DefaultValue( {
		"z_image_turbo", "qwen_image" }) List<String> imageEndpoints,
		@DefaultValue("qwen_image_edit") String editEndpoint, @DefaultValue("xttsv2") String speechEndpoint,
		@DefaultValue("50") int maxStreams,
		@DefaultValue({ "localhost", "127.0.0.1", "[::1]" }) List<String> allowedHosts){

}
