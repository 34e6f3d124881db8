#include "mtmi/error.h"

#include <gtest/gtest.h>

namespace mtmi {
namespace {

TEST(Error, TheMessageIsOneLineWhateverNamesHold) {
  const Error error(ErrorCode::InvalidModel, "here", "node 'a\n\x1B[31m\x7F' is bad");
  EXPECT_STREQ(error.what(), "node 'a\\x0a\\x1b[31m\\x7f' is bad");
}

TEST(Error, ContextStandsInFrontAndNothingIsEscapedTwice) {
  const Error error(ErrorCode::Io, "here", "got '\t', expected \xC3\xA9");
  EXPECT_STREQ(error.with_context("x.npy").what(), "x.npy: got '\\x09', expected \xC3\xA9");
}

TEST(Error, WhatTheMessageBeginsWithIsNotSaidTwice) {
  const Error error(ErrorCode::Io, "here", "a\n.png: got other bytes");
  EXPECT_STREQ(error.with_context("a\n.png").what(), "a\\x0a.png: got other bytes");
  EXPECT_STREQ(error.with_context("a").what(), "a: a\\x0a.png: got other bytes");
}

}  // namespace
}  // namespace mtmi
