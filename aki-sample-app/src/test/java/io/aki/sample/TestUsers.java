package io.aki.sample;

import io.aki.sample.web.CurrentUser;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Lets a request name its user, so that tests can use several users without a login.
 */
@TestConfiguration(proxyBeanMethods = false)
public class TestUsers {

	static final String HEADER = "X-Test-User";

	@Bean
	@Primary
	CurrentUser testUser() {
		return new CurrentUser() {

			@Override
			public String name() {
				HttpServletRequest request = ((ServletRequestAttributes) RequestContextHolder
					.currentRequestAttributes()).getRequest();
				String name = request.getHeader(HEADER);
				return (name != null) ? name : "local";
			}

		};
	}

}
