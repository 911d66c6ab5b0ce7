+ MAYAVERSION:2023 rgbcloud 0.2.0 .
PYTHONPATH+:=../core
+ MAYAVERSION:2024 rgbcloud 0.2.0 .
PYTHONPATH+:=../core
+ MAYAVERSION:2025 rgbcloud 0.2.0 .
PYTHONPATH+:=../core
+ MAYAVERSION:2026 rgbcloud 0.2.0 .
PYTHONPATH+:=../core
+ MAYAVERSION:2027 rgbcloud 0.2.0 .
PYTHONPATH+:=../core
