package io.aki.client;

import java.time.Duration;

import io.aki.client.http.AkiClientHttpRequestFactory;
import io.aki.client.http.JdkHttpEngine;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.eclipse.jetty.client.HttpClient;

import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.JettyClientHttpRequestFactory;
import org.springframework.http.client.ReactorClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;

/**
 * The HTTP engines that a client can use.
 */
enum Engine {

	JDK, SPRING_JDK, APACHE, SIMPLE, JETTY, REACTOR;

	AkiClientHttpRequestFactory requestFactory() {
		return (this == JDK) ? JdkHttpEngine.create(Duration.ofSeconds(60), null)
				: new AkiClientHttpRequestFactory(springsRequestFactory());
	}

	/**
	 * Create a factory that does not follow redirects of a POST request. An engine that
	 * follows a redirect first reads the whole body of the redirect.
	 */
	ClientHttpRequestFactory springsRequestFactory() {
		return switch (this) {
			case JDK, SPRING_JDK -> new JdkClientHttpRequestFactory();
			case APACHE -> new HttpComponentsClientHttpRequestFactory(
					HttpClients.custom().disableAutomaticRetries().disableRedirectHandling().build());
			case SIMPLE -> new SimpleClientHttpRequestFactory();
			case JETTY -> {
				HttpClient client = new HttpClient();
				client.setFollowRedirects(false);
				yield new JettyClientHttpRequestFactory(client);
			}
			case REACTOR -> new ReactorClientHttpRequestFactory();
		};
	}

}
