package io.aki.sample;

import java.time.Duration;
import java.util.List;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the sample itself.
 *
 * @param imageEndpoints the endpoints that make images
 * @param editEndpoint the endpoint that changes an uploaded image
 * @param speechEndpoint the endpoint that speaks
 * @param maxUnfinishedTasks how many tasks may wait or run; one more is refused
 * @param maxRequestSize how large a request may be, an uploaded image included
 * @param maxChats how many answers are written at the same time; one more is refused
 * @param maxViewers how many browsers are told about tasks at the same time
 * @param allowedHosts the names that the application may be called by: a page of another
 * site, whose name an attacker lets point to this machine, is none of them
 * @param reconnectGrace how long a chat's job goes on after its last browser has gone, in
 * case it comes back
 * @param rememberEnded how long the end of a chat's job can still be had by a browser
 * that lost its connection just before
 */
@ConfigurationProperties("sample")
public record SampleProperties(@DefaultValue( {
		"z_image_turbo", "qwen_image" }) List<String> imageEndpoints,
		@DefaultValue("qwen_image_edit") String editEndpoint, @DefaultValue("xttsv2") String speechEndpoint,
		@DefaultValue("1000") int maxUnfinishedTasks, @DefaultValue("12MB") DataSize maxRequestSize,
		@DefaultValue("50") int maxChats, @DefaultValue("200") int maxViewers,
		@DefaultValue({ "localhost", "127.0.0.1", "[::1]" }) List<String> allowedHosts,
		@DefaultValue("10s") Duration reconnectGrace, @DefaultValue("1m") Duration rememberEnded){

}
