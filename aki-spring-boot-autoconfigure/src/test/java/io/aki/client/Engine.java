package io.aki.client;

import java.time.Duration;

import org.eclipse.jetty.client.HttpClient;

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
		return switch (this) {
			case JDK -> HttpEngine.create(Duration.ofSeconds(60), null);
			case SPRING_JDK -> new AkiClientHttpRequestFactory(new JdkClientHttpRequestFactory());
			case APACHE -> new AkiClientHttpRequestFactory(new HttpComponentsClientHttpRequestFactory());
			case SIMPLE -> new AkiClientHttpRequestFactory(new SimpleClientHttpRequestFactory());
			case JETTY -> jetty();
			case REACTOR -> new AkiClientHttpRequestFactory(new ReactorClientHttpRequestFactory());
		};
	}

	private static AkiClientHttpRequestFactory jetty() {
		HttpClient client = new HttpClient();
		client.setFollowRedirects(false);
		return new AkiClientHttpRequestFactory(new JettyClientHttpRequestFactory(client));
	}

}
